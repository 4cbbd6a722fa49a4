#include "cli/bench/report_config.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/bench/live_view.hpp"
#include "cli/bench/versus.hpp"
#include "cli/options/option_value.hpp"

namespace leat::cli {

namespace {

enum class Progress { automatic, bar, off };

Error bad(std::string message) { return Error(Errc::bad_input, std::move(message)); }

Status read_checks(const BenchOptions& options, ReportConfig& report) {
  constexpr Choice<CheckMode> kModes[]{{"interval", CheckMode::interval}, {"point", CheckMode::point}};
  if (auto error = read_choice("--check-mode", options.check_mode, kModes, report.check_mode)) return error;
  for (const auto& text : options.checks) {
    auto check = parse_check("--check", text);
    if (!check) return std::move(check.error());
    report.checks.push_back(std::move(*check));
  }
  if (!options.find_rate) return std::nullopt;
  auto check = parse_check("--find-rate", *options.find_rate);
  if (!check) return std::move(check.error());
  for (const auto& [given, name] : {std::pair{options.stages.has_value(), "--stages"},
                                    std::pair{options.requests.has_value(), "--requests"},
                                    std::pair{options.think.has_value(), "--think"}}) {
    if (given)
      return bad(fmt::format("--find-rate: given together with {}; it decides the rates itself", name));
  }
  report.find_rate = std::move(*check);
  return std::nullopt;
}

Status read_output(const BenchOptions& options, System& system, ReportConfig& report) {
  constexpr Choice<bool> kFormats[]{{"text", false}, {"json", true}};
  constexpr Choice<Progress> kProgress[]{
      {"auto", Progress::automatic}, {"bar", Progress::bar}, {"off", Progress::off}};
  if (auto error = read_choice("--format", options.format, kFormats, report.json)) return error;
  Progress progress = options.quiet ? Progress::off : Progress::automatic;
  if (auto error = read_choice("--progress", options.progress, kProgress, progress)) return error;
  report.live = progress == Progress::bar || (progress == Progress::automatic && live_view_wanted(system));
  report.unicode = locale_is_utf8(system);
  report.quiet = options.quiet;
  report.strict = options.strict;
  report.calibrate = options.calibrate;
  report.save = options.save.value_or("");
  report.html = options.html.value_or("");
  report.samples = options.samples.value_or("");
  for (const auto& [file, name] : {std::pair{&options.save, "--save"}, std::pair{&options.html, "--html"},
                                   std::pair{&options.samples, "--samples"}}) {
    if (!*file) continue;
    if ((*file)->empty()) return bad(fmt::format("{}: an empty name given; takes a file", name));
    if (system.is_directory(**file))
      return bad(fmt::format("{}: {} is a directory", name, text::in_quotes(**file)));
  }
  return std::nullopt;
}

}  // namespace

Status read_report_options(const BenchOptions& options, System& system, ReportConfig& report) {
  if (auto error = read_checks(options, report)) return error;
  return read_output(options, system, report);
}

Status check_versus(const BenchOptions& options, const load::LoadPlan& plan) {
  if (options.stages) return bad("--vs: given together with --stages; both sides take turns at one rate");
  if (!options.inputs.empty() || plan.targets.size() != 1) {
    return bad("--vs: compares two URLs; give one besides it");
  }
  if (plan.requests > 0 && plan.requests < kFewestVersusRequests) {
    return bad(fmt::format("--vs: {} requests are too few to be sent in turns; takes -n {} or more",
                           plan.requests, kFewestVersusRequests));
  }
  return std::nullopt;
}

}  // namespace leat::cli
