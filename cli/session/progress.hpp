#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/session/session.hpp"
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
  Colours colours;                           // the colours of the bar
};

/// The part of the run that is done, 0 to 1, as far as it is known: of the records that were read, and of the
/// input.
[[nodiscard]] std::optional<double> part_done(const ProgressView& view);
/// How long the rest takes if it goes on as before; nothing in the first second.
[[nodiscard]] std::optional<async::Duration> time_left(const ProgressView& view);

/// The bar. What matters most comes first, since a narrow terminal cuts the end.
[[nodiscard]] std::string bar_line(const ProgressView& view);
/// The bar with the transfers that have run longest, if that is long, or with the table of stages below it;
/// at most `most` lines in all.
[[nodiscard]] std::vector<std::string> bar_lines(const ProgressView& view, std::size_t most);
/// The same in words, for logs.
[[nodiscard]] std::string plain_line(const ProgressView& view);
/// An object with the names of a result's outcomes, for programs.
[[nodiscard]] std::string json_line(const ProgressView& view, bool at_end);

/// How fast a total has grown lately, per second: a mean in which the value of a second ago counts about a
/// third.
class RateMeter {
 public:
  double update(std::uint64_t total, async::TimePoint now);

 private:
  std::uint64_t total_ = 0;
  async::TimePoint at_{};
  double rate_ = 0;
  bool started_ = false;
};

/// What progress is shown about.
struct ProgressSource {
  std::string command;  // "get", "run"
  std::function<pipelines::RunStats()> stats;
  std::function<std::vector<pipelines::StageInfo>()> stages;  // empty: they are not shown
  Colours colours;                                            // the colours of the bar
  std::function<bool()> gives_way;  // whether the bar must not be drawn now; empty: never
};

/// Shows how far a run is: the bar ten times a second, a plain line every ten seconds, and JSON every second.
///
/// Loop thread only. It outlives its task, and ends by cancellation of the task; `finish` shows the end.
class Progress {
 public:
  Progress(ProgressKind kind, int fd, ProgressSource source);

  async::Task<void> run();
  /// Writes a line of text where the bar does not disturb it.
  void say(std::string_view line);
  /// Takes the bar away until it is drawn the next time.
  void hide() { bar_.clear(); }
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
