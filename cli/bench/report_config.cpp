#include "cli/bench/report_config.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

#include "cli/bench/live_view.hpp"
#include "cli/bench/versus.hpp"
#include "cli/options/own_files.hpp"
#include "cli/terminal/colours.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

enum class Progress { automatic, bar, off };

Error bad(std::string message) { return Error(Errc::bad_input, std::move(message)); }

Status read_checks(const Given& given, ReportConfig& report) {
  given.read("check-mode", report.check_mode);
  for (const auto& text : given.texts("check")) {
    auto check = parse_check("--check", text);
    if (!check) return std::move(check.error());
    if (check->is_of_comparison() && !given.has("vs")) {
      return bad(fmt::format("--check: {}: a ratio is of two sides; give --vs URL or --compare",
                             text::in_quotes(text)));
    }
    report.checks.push_back(std::move(*check));
  }
  for (const auto& text : given.texts("abort-on")) {
    auto check = parse_check("--abort-on", text);
    if (!check) return std::move(check.error());
    if (check->is_of_comparison()) {
      return bad(
          fmt::format("--abort-on: {}: a ratio is known only when all is measured", text::in_quotes(text)));
    }
    for (const std::string_view name : {"vs", "find-rate"}) {
      if (given.has(name))
        return bad(fmt::format("--abort-on: given together with --{}, which is many runs", name));
    }
    report.abort_on.push_back(std::move(*check));
  }
  if (!given.has("find-rate")) return std::nullopt;
  auto check = parse_check("--find-rate", given.text("find-rate"));
  if (!check) return std::move(check.error());
  if (check->is_of_comparison()) {
    return bad(fmt::format("--find-rate: {}: a ratio is of two sides, and there is one",
                           text::in_quotes(check->text)));
  }
  for (const std::string_view name : {"stages", "requests", "think"}) {
    if (!given.has(name)) continue;
    return bad(fmt::format("--find-rate: given together with --{}; it decides the rates itself", name));
  }
  report.find_rate = std::move(*check);
  return std::nullopt;
}

// check_own_files has seen to it that no two of them are one file.
Status check_files(const Given& given, System& system) {
  for (const std::string_view name : {"save", "html", "samples", "csv"}) {
    if (!given.has(name)) continue;
    const std::string file = given.text(name);
    if (file.empty()) return bad(fmt::format("--{}: an empty name given; takes a file", name));
    if (file == "-") {
      return bad(fmt::format(
          "--{}: - given; takes the name of a file, since the report goes to standard output", name));
    }
    if (system.is_directory(file))
      return bad(fmt::format("--{}: {} is a directory", name, text::in_quotes(file)));
  }
  return std::nullopt;
}

Status read_output(const Given& given, System& system, ReportConfig& report) {
  given.read("format", report.format);
  report.quiet = given.has("quiet");
  Progress progress = report.quiet ? Progress::off : Progress::automatic;
  given.read("progress", progress);
  report.live = progress == Progress::bar || (progress == Progress::automatic && live_view_wanted(system));
  report.unicode = io::locale_is_utf8(system.as_environment());
  report.coloured = may_colour(system, STDERR_FILENO);
  report.strict = given.has("strict");
  report.calibrate = given.has("calibrate");
  report.save = given.text("save");
  report.html = given.text("html");
  report.samples = given.text("samples");
  report.csv = given.text("csv");
  return check_files(given, system);
}

}  // namespace

Status read_report_options(const Given& given, System& system, ReportConfig& report) {
  if (auto error = check_own_files(given, system)) return error;
  if (auto error = read_checks(given, report)) return error;
  return read_output(given, system, report);
}

Status check_versus(const Given& given, const load::LoadPlan& plan) {
  if (given.has("stages"))
    return bad("--vs: given together with --stages; both sides take turns at one rate");
  if (given.has("input") || plan.targets.size() != 1) {
    return bad("--vs: compares two URLs; give one besides it");
  }
  if (plan.requests > 0 && plan.requests < kFewestVersusRequests) {
    return bad(fmt::format("--vs: {} requests are too few to be sent in turns; takes -n {} or more",
                           plan.requests, kFewestVersusRequests));
  }
  return std::nullopt;
}

}  // namespace leat::cli
