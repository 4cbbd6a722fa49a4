#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/terminal/exit_code.hpp"
#include "engine/async/clock.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// How progress is shown on standard error.
enum class ProgressKind : std::uint8_t { off, bar, plain, json };

/// What is printed at the end: all, the failures if there are any, nothing.
enum class SummaryKind : std::uint8_t { automatic, failures, none };

/// What every command that runs a plan does around it.
struct SessionConfig {
  std::string command;  // "get", "run": what messages begin with
  async::Duration grace{std::chrono::seconds(10)};
  async::Duration max_time{0};  // for all of it, the grace not counted; 0: no limit
  ProgressKind progress = ProgressKind::off;
  SummaryKind summary = SummaryKind::automatic;
  bool coloured = false;     // the bar and the summary, on standard error
  bool gives_way = false;    // the bar is not drawn while results go to the same terminal
  bool show_stages = false;  // in the progress, each with a row
  bool quiet = false;
  bool verbose = false;
  bool debug = false;
  std::vector<std::string> inputs{};  // files that were read to make the plan: no output may overwrite them
  async::Duration slow_callback{std::chrono::milliseconds(100)};
};

/// Runs a plan to its end as its user sees it: signals, progress, the summary. Once in a process.
[[nodiscard]] ExitCode run_session(const SessionConfig& config, pipelines::Plan plan,
                                   std::chrono::steady_clock::time_point started);

}  // namespace leat::cli
