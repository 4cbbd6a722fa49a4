#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/terminal/colours.hpp"
#include "cli/terminal/system.hpp"
#include "cli/terminal/terminal_line.hpp"
#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"

namespace leat::cli {

/// How often the view is drawn: the `slice` of a LoadPlan that is watched.
inline constexpr async::Duration kLiveSlice = std::chrono::milliseconds(250);

/// True if somebody can see it: standard error is a terminal that can move its cursor. NO_COLOR asks for no
/// colours (https://no-color.org); it does not ask for no view.
[[nodiscard]] bool live_view_wanted(System& system);

/// What the last seconds show, as lines: how far the run is, its rate (with stages, beside the rate that is
/// planned for that moment), percentiles, statuses and classes of errors that should not be, and a line of
/// bars for the rate, with what the highest of them stands for. What does not fit goes on in the next line.
class LiveFigures {
 public:
  /// What it uses of the plan: how long the run will last, or how many requests it has, and its stages.
  LiveFigures(const load::LoadPlan& plan, bool unicode, Colours colours = Colours())
      : lasts_(plan.measures_for()),
        requests_(plan.requests),
        stages_(plan.stages),
        unicode_(unicode),
        colours_(colours) {}

  void take(const load::Slice& slice);
  [[nodiscard]] std::vector<std::string> lines(std::size_t width) const;

 private:
  class Parts;
  void add_counts(Parts& parts) const;
  void add_outcomes(std::vector<std::string>& lines, std::size_t room) const;
  [[nodiscard]] std::string where() const;
  [[nodiscard]] std::optional<double> planned_rate() const noexcept;
  [[nodiscard]] std::string bars(std::size_t room) const;

  async::Duration lasts_;
  std::uint64_t requests_;
  std::vector<load::RateStage> stages_;
  bool unicode_;
  Colours colours_;
  async::Duration at_{0};
  std::uint64_t ok_ = 0;
  std::uint64_t status_errors_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t in_flight_ = 0;
  std::map<int, std::uint64_t> by_status_;
  std::map<Errc, std::uint64_t> by_error_;
  std::deque<load::Slice> recent_;
  std::deque<double> rates_;  // requests per second
};

/// Draws them on a terminal while a benchmark runs.
class LiveView final : public load::LoadObserver {
 public:
  LiveView(int fd, const load::LoadPlan& plan, bool unicode, Colours colours)
      : terminal_(fd), figures_(plan, unicode, colours) {}

  void on_slice(const load::Slice& slice) override;
  void clear() { terminal_.clear(); }

 private:
  TerminalLine terminal_;
  LiveFigures figures_;
};

}  // namespace leat::cli
