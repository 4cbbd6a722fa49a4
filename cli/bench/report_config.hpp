#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench/checks.hpp"
#include "cli/bench/team.hpp"
#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::cli {

/// What becomes of what a benchmark measures.
struct ReportConfig {
  std::vector<Check> checks;
  CheckMode check_mode = CheckMode::interval;
  std::vector<Check> abort_on;
  std::optional<Check> find_rate;
  std::string expect;         // a program for the sample of answers; empty: none
  std::string expect_sha256;  // of good answers, in lower-case hex, as the plan's judges have it; the same
  std::optional<load::Target> versus;
  std::optional<TeamOptions> team;
  bool strict = false;
  bool calibrate = false;
  enum class Format : std::uint8_t { text, json, markdown };
  Format format = Format::text;  // on standard output
  bool quiet = false;            // nothing there
  bool live = false;             // the view on standard error
  bool unicode = false;
  bool coloured = false;  // the view; the report goes elsewhere
  std::string save;       // files; empty: none
  std::string html;
  std::string samples;
  std::string csv;
};

/// Reads all of them but `versus`. The Error names the option, what was given, and what it takes.
[[nodiscard]] Status read_report_options(const Given& given, System& system, ReportConfig& report);

/// Whether a plan can be made in turns with another target.
[[nodiscard]] Status check_versus(const Given& given, const load::LoadPlan& plan);

}  // namespace leat::cli
