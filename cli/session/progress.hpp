#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/get/config.hpp"
#include "cli/terminal/colours.hpp"
#include "cli/terminal/terminal_line.hpp"
#include "engine/async/clock.hpp"
#include "engine/async/task.hpp"
#include "pipelines/run/run.hpp"

namespace leat::cli {

/// One moment of a run.
struct ProgressView {
  std::string command = "get";
  pipelines::RunStats stats;
  async::Duration elapsed{0};
  double bytes_per_second = 0;
  double records_per_second = 0;
  std::vector<pipelines::StageInfo> stages;  // empty: they are not shown
  Colours colours;                           // of the bar
};

/// What part of the run is done, 0 to 1, as far as can be told: of the records read, and of the input.
[[nodiscard]] std::optional<double> part_done(const ProgressView& view);
/// How long the rest takes if it goes on as it has so far; nothing in the first second.
[[nodiscard]] std::optional<async::Duration> time_left(const ProgressView& view);

/// The bar: what matters most first, since a narrow terminal cuts the end.
[[nodiscard]] std::string bar_line(const ProgressView& view);
/// The bar, the transfers that have run longest, if that is long, or the table of stages below it; at most
/// `most` lines in all.
[[nodiscard]] std::vector<std::string> bar_lines(const ProgressView& view, std::size_t most);
/// For logs: the same in words.
[[nodiscard]] std::string plain_line(const ProgressView& view);
/// For programs: an object with the names of a result's outcomes.
[[nodiscard]] std::string json_line(const ProgressView& view, bool at_end);

/// How fast a total has grown of late, a second: a mean in which a second ago counts about a third.
class RateMeter {
 public:
  double update(std::uint64_t total, async::TimePoint now);

 private:
  std::uint64_t total_ = 0;
  async::TimePoint at_{};
  double rate_ = 0;
  bool started_ = false;
};

/// What progress is shown of.
struct ProgressSource {
  std::string command;  // "get", "run"
  std::function<pipelines::RunStats()> stats;
  std::function<std::vector<pipelines::StageInfo>()> stages;  // empty: they are not shown
  Colours colours;                                            // of the bar
};

/// Shows how a run stands: the bar ten times a second, a plain line every ten, JSON every one.
///
/// Loop thread only; outlives its task. Ends by cancellation of the task; `finish` shows the end.
class Progress {
 public:
  Progress(ProgressKind kind, int fd, ProgressSource source);

  async::Task<void> run();
  /// Writes a line of text, the bar out of the way.
  void say(std::string_view line);
  void finish();

 private:
  ProgressView view();
  void show(bool at_end);

  ProgressKind kind_;
  int fd_;
  ProgressSource source_;
  TerminalLine bar_;
  RateMeter rate_;
  RateMeter record_rate_;
  async::TimePoint started_;
};

}  // namespace leat::cli
