#include "cli/bench/cmd_bench.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/bench/bench_config.hpp"
#include "cli/bench/bench_record.hpp"
#include "cli/bench/bench_session.hpp"
#include "cli/bench/html_report.hpp"
#include "cli/bench/json_document.hpp"
#include "cli/bench/output_file.hpp"
#include "cli/bench/sample_writer.hpp"
#include "cli/bench/saved_run.hpp"
#include "cli/bench/text_report.hpp"
#include "cli/help.hpp"
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

ExitCode run_compare(const Given& given, System& system) {
  if (given.operands.size() != 2) {
    return usage(Error(Errc::bad_input, "--compare: takes two files of --save, the old one and the new one"));
  }
  const auto before = load_saved_run(given.operands[0], system);
  if (!before) return usage(before.error());
  const auto after = load_saved_run(given.operands[1], system);
  if (!after) return usage(after.error());
  return print(comparison_text(compare_saved(before.value(), after.value())));
}

/// The files that are written besides standard output; all of them are open before anything is sent.
struct Files {
  OutputFile save;
  OutputFile html;
  std::unique_ptr<SampleWriter> samples;

  Status open(const BenchConfig& config) {
    if (auto error = save.open("--save", config.report.save)) return error;
    if (auto error = html.open("--html", config.report.html)) return error;
    if (config.report.samples.empty()) return std::nullopt;
    auto writer = SampleWriter::open(config.report.samples, config.plan);
    if (!writer) return std::move(writer.error());
    samples = std::move(*writer);
    return std::nullopt;
  }

  Status write(const BenchRecord& record) {
    if (auto error = samples ? samples->finish() : std::nullopt) return error;
    if (auto error = save.write(json_document(record))) return error;
    return html.write(html_report(record));
  }
};

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
    return side.result.totals.failed + side.result.totals.timed_out > 0;
  };
  BenchEnd end;
  end.signal = signal;
  end.client_limit =
      report.strict && (saturated(record.subject) || (record.other && saturated(*record.other)));
  end.check_failed = std::any_of(record.checks.begin(), record.checks.end(), [](const CheckOutcome& outcome) {
    return outcome.state == CheckOutcome::State::fails;
  });
  if (record.found_rate && !record.found_rate->held) end.check_failed = true;
  end.failed = failures_count(record) && !record.found_rate &&
               (failed(record.subject) || (record.other && failed(*record.other)));
  return exit_code_of(end);
}

}  // namespace

ExitCode run_bench(std::span<const std::string_view> arguments) {
  auto given = parse_options(pipelines::kBench, arguments);
  if (!given) return usage(given.error());
  if (given->has("help")) return print(bench_help());
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
  if (!measured.ok()) return run_failed(measured.error());

  const ReportConfig& report = config.value().report;
  BenchRecord record = std::move(measured).value();
  std::vector<std::string> argv{"leat", "bench"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  record.argv = without_secrets(argv);
  record.environment = environment;
  for (const auto& check : report.checks) {
    record.checks.push_back(apply(check, record.subject.result, report.check_mode));
  }
  const ExitCode code = exit_code_of(record, report, session.signal());
  record.exit_code = static_cast<int>(code);
  const Status unwritten = files.write(record);
  if (!report.quiet) {
    const ExitCode printed = print(report.json ? json_document(record) : text_report(record));
    if (printed != ExitCode::ok) return printed;
  }
  return unwritten ? run_failed(*unwritten) : code;
}

}  // namespace leat::cli
