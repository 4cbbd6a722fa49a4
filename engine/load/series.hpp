#pragma once

#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "engine/load/load_result.hpp"

namespace leat::load {

/// Joins the threads' slices, tells the observer of each when all threads have sent theirs, and keeps a point
/// for each second of the measured time. Its memory holds the points, and the slices that some thread still
/// has to send. One thread.
class Series {
 public:
  /// `observer` may be null; it outlives this.
  explicit Series(LoadObserver* observer) noexcept : observer_(observer) {}
  void set_threads(std::size_t threads) { next_of_.assign(threads, 0); }
  /// Keeps the seconds as well, for `merge_members`: some 30 KiB each.
  void keep_seconds() noexcept { keeps_seconds_ = true; }

  void add(std::size_t thread, Slice slice);
  /// Says that no more slices will come.
  void finish();
  [[nodiscard]] std::vector<SeriesPoint> take() noexcept { return std::move(points_); }
  [[nodiscard]] std::vector<Slice> take_seconds() noexcept { return std::move(seconds_); }

 private:
  struct Waiting {
    Slice slice;
    std::size_t threads = 0;  // the threads that have sent it
  };
  void tell(const Slice& slice);
  void end_second();

  LoadObserver* observer_;
  std::vector<std::size_t> next_of_;  // how many slices a thread has sent
  std::size_t first_ = 0;             // the number of the first that waits
  std::deque<Waiting> waiting_;
  Slice second_;
  double cpu_time_ = 0;  // in it
  std::vector<SeriesPoint> points_;
  std::vector<Slice> seconds_;
  bool keeps_seconds_ = false;
};

/// What is kept of a second, whose `cpu` is its mean.
[[nodiscard]] SeriesPoint point_of(const Slice& second);

}  // namespace leat::load
