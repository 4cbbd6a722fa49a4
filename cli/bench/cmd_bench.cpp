#include "cli/bench/cmd_bench.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/bench/bench_config.hpp"
#include "cli/bench/bench_record.hpp"
#include "cli/bench/bench_schema.hpp"
#include "cli/bench/bench_session.hpp"
#include "cli/bench/csv_report.hpp"
#include "cli/bench/html_report.hpp"
#include "cli/bench/json_document.hpp"
#include "cli/bench/markdown_report.hpp"
#include "cli/bench/output_file.hpp"
#include "cli/bench/sample_writer.hpp"
#include "cli/bench/saved_run.hpp"
#include "cli/bench/text_report.hpp"
#include "cli/help/help.hpp"
#include "cli/options/given.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/system.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/http/connect/descriptor_budget.hpp"
#include "engine/http/curl/http2_faults.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

ExitCode usage(const Error& error) {
  complain("bench", error.message + "; see leat bench --help");
  return ExitCode::usage;
}

ExitCode run_failed(const Error& error) {
  complain("bench", text::escaped(error.message));
  return ExitCode::run_failed;
}

Result<SavedRun> load_saved_run(const std::string& file, System& system) {
  const auto text = system.read_file(file);
  if (!text)
    return Error(Errc::bad_input, "--compare: " + text::in_quotes(file) + ": " + text.error().message);
  return parse_saved_run(file, text.value());
}

/// What --compare is asked to check. A bound on one run's values has its place where that run is made.
struct ComparisonChecks {
  std::vector<Check> checks;
  CheckMode mode = CheckMode::interval;
};

Result<ComparisonChecks> comparison_checks(const Given& given) {
  ComparisonChecks wanted;
  given.read("check-mode", wanted.mode);
  for (const auto& text : given.texts("check")) {
    auto check = parse_check("--check", text);
    if (!check) return std::move(check.error());
    if (!check->is_of_comparison()) {
      return Error(Errc::bad_input,
                   "--check: " + text::in_quotes(text) +
                       ": with --compare it takes ratio.p50, ratio.p99 or ratio.rate, the new "
                       "one's over the old one's");
    }
    wanted.checks.push_back(std::move(*check));
  }
  return wanted;
}

ExitCode checked(const ComparisonChecks& wanted, const Comparison& comparison, bool quiet) {
  BenchEnd end;
  std::vector<CheckOutcome> outcomes;
  for (const auto& check : wanted.checks) {
    outcomes.push_back(apply(check, comparison, wanted.mode));
    end.check_failed = end.check_failed || outcomes.back().state == CheckOutcome::State::fails;
  }
  const ExitCode printed = quiet ? ExitCode::ok : print(checks_text(outcomes));
  return printed == ExitCode::ok ? exit_code_of(end) : printed;
}

// Any other option is about a run, and there is none: it would promise something that is not done.
Status only_compares(const Given& given) {
  constexpr std::array<std::string_view, 6> kTaken{"compare", "check", "check-mode",
                                                   "format",  "quiet", "progress"};
  for (const auto& one : given.options) {
    const std::string_view name = one.option->name;
    if (std::find(kTaken.begin(), kTaken.end(), name) != kTaken.end()) continue;
    return Error(Errc::bad_input,
                 fmt::format("--compare: given with --{}; it sends nothing, and prints in which way two "
                             "files of --save differ",
                             name));
  }
  if (given.has("format") && given.text("format") != "text") {
    return Error(Errc::bad_input,
                 "--compare: given with --format " + given.text("format") + "; it prints text");
  }
  return std::nullopt;
}

ExitCode run_compare(const Given& given, System& system) {
  if (auto error = only_compares(given)) return usage(*error);
  const auto checks = comparison_checks(given);
  if (!checks) return usage(checks.error());
  if (given.operands.size() != 2) {
    return usage(Error(Errc::bad_input, "--compare: takes two files of --save, the old one and the new one"));
  }
  const auto before = load_saved_run(given.operands[0], system);
  if (!before) return usage(before.error());
  const auto after = load_saved_run(given.operands[1], system);
  if (!after) return usage(after.error());
  const auto comparison = compare_saved(before.value(), after.value());
  const bool quiet = given.has("quiet");
  const ExitCode printed = quiet ? ExitCode::ok : print(comparison_text(comparison));
  return printed == ExitCode::ok ? checked(checks.value(), comparison, quiet) : printed;
}

/// The files that are written besides standard output; all of them are open before anything is sent.
struct Files {
  OutputFile save;
  OutputFile html;
  OutputFile csv;
  std::unique_ptr<SampleWriter> samples;

  Status open(const BenchConfig& config) {
    if (auto error = save.open("--save", config.report.save)) return error;
    if (auto error = html.open("--html", config.report.html)) return error;
    if (auto error = csv.open("--csv", config.report.csv)) return error;
    if (config.report.samples.empty()) return std::nullopt;
    auto writer = SampleWriter::open(config.report.samples, config.plan);
    if (!writer) return std::move(writer.error());
    samples = std::move(*writer);
    return std::nullopt;
  }

  Status write(const BenchRecord& record) {
    if (auto error = samples ? samples->finish() : std::nullopt) return error;
    if (auto error = save.write(json_document(record))) return error;
    if (auto error = csv.write(csv_report(record))) return error;
    return html.write(html_report(record));
  }
};

std::string report_of(const BenchRecord& record, ReportConfig::Format format, System& system) {
  if (format == ReportConfig::Format::json) return json_document(record);
  if (format == ReportConfig::Format::markdown) return markdown_report(record);
  return text_report(record, Colours(may_colour(system, STDOUT_FILENO)));
}

// A user who limits the error rate has said which failures are acceptable.
bool failures_count(const BenchRecord& record) {
  return std::none_of(record.checks.begin(), record.checks.end(), [](const CheckOutcome& outcome) {
    return outcome.check.metric == Check::Metric::error_rate;
  });
}

ExitCode exit_code_of(const BenchRecord& record, const ReportConfig& report, int signal) {
  const auto saturated = [](const Measurement& side) {
    return side.verdict.kind == load::Verdict::Kind::saturated;
  };
  const auto failed = [](const Measurement& side) {
    const auto& totals = side.result.totals;
    const bool unexpected = !side.plan.expected.empty() && totals.status_errors > 0;
    return totals.failed + totals.timed_out + totals.unanswered > 0 || unexpected;
  };
  const auto dead = [](const Measurement& side) { return side.result.totals.ok == 0; };
  BenchEnd end;
  end.signal = signal;
  end.client_limit =
      report.strict && (saturated(record.subject) || (record.other && saturated(*record.other)));
  end.check_failed = std::any_of(record.checks.begin(), record.checks.end(), [](const CheckOutcome& outcome) {
    return outcome.state == CheckOutcome::State::fails;
  });
  // Nor does it pass if nothing of what was answered could be looked at.
  const auto unfit = [](const Measurement& side) {
    const auto& findings = side.result.findings;
    const bool unseen = side.plan.samples_answers && side.result.totals.ok > 0 && findings.looked_at == 0;
    return findings.unfit > 0 || unseen;
  };
  if (unfit(record.subject) || (record.other && unfit(*record.other))) end.check_failed = true;
  if (!record.aborted.empty()) end.check_failed = true;
  if (record.found_rate && !record.found_rate->held) end.check_failed = true;
  end.failed = failures_count(record) && !record.found_rate &&
               (failed(record.subject) || (record.other && failed(*record.other)));
  // What was asked for is not what was measured.
  end.failed = end.failed || std::any_of(record.members.begin(), record.members.end(),
                                         [](const MemberRow& member) { return !member.is_here; });
  // Whatever share of failures is allowed: a server that answers nothing passes no gate.
  end.failed = end.failed || dead(record.subject) || (record.other && dead(*record.other));
  return exit_code_of(end);
}

}  // namespace

ExitCode run_bench(std::span<const std::string_view> arguments) {
  auto given = parse_options(pipelines::kBench, arguments);
  if (!given) return usage(given.error());
  if (given->has("help")) return print(help_asked(pipelines::kBench, arguments));
  if (given->has("schema")) return print(bench_schema());
  RealSystem system;
  if (given->has("compare")) return run_compare(*given, system);
  const auto config = read_bench_config(*given, system);
  if (!config) return usage(config.error());
  Files files;
  if (const auto error = files.open(config.value())) return usage(*error);

  if (const auto error = http::raise_descriptor_limit(http::DescriptorBudget::kLeast)) return usage(*error);
  if (const std::string faults = http::http2_faults(); config.value().plan.http2 &&
                                                       config.value().plan.full &&
                                                       !config.value().report.quiet && !faults.empty()) {
    complain("bench", faults);
  }
  const Environment environment = environment_now();
  async::EventLoop loop;
  BenchSession session(loop, config.value(), files.samples.get());
  auto measured = loop.run(session.execute());
  if (!measured.ok()) {
    const ExitCode failed = run_failed(measured.error());
    return session.signal() != 0 ? exit_code_of(BenchEnd{.signal = session.signal()}) : failed;
  }

  const ReportConfig& report = config.value().report;
  BenchRecord record = std::move(measured).value();
  std::vector<std::string> argv{"leat", "bench"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  record.argv = without_secrets(argv);
  record.environment = environment;
  for (const auto& check : report.checks) {
    const bool of_comparison = check.is_of_comparison() && record.comparison;
    record.checks.push_back(of_comparison ? apply(check, *record.comparison, report.check_mode)
                                          : apply(check, record.subject.result, report.check_mode));
  }
  const ExitCode code = exit_code_of(record, report, session.signal());
  record.exit_code = static_cast<int>(code);
  const Status unwritten = files.write(record);
  if (!report.quiet) {
    const bool is_other = session.team() != nullptr && !session.team()->prints();
    const ExitCode printed =
        print(is_other ? session.team()->sentence() : report_of(record, report.format, system));
    if (printed != ExitCode::ok) return printed;
  }
  return unwritten ? run_failed(*unwritten) : code;
}

}  // namespace leat::cli
