#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace leat::origin {

/// When timed requests came and were answered, so that a client's figures can be compared with it, and the
/// pause that delays them. Times are nanoseconds of CLOCK_MONOTONIC, which all processes of the machine
/// share. Loop thread only.
class Timings {
 public:
  struct Entry {
    std::uint64_t seq;
    std::uint64_t received;
    std::uint64_t answered;
  };

  void add(const Entry& entry) {
    if (entries_.size() < kMostEntries) entries_.push_back(entry);
  }
  /// Gives a line "SEQ RECEIVED ANSWERED" for each, in the order of the answers; then forgets them and the
  /// pause.
  [[nodiscard]] std::string take_text();

  /// No timed request is answered before that time.
  void stop_until(std::uint64_t time) noexcept { stopped_until_ = time; }
  [[nodiscard]] std::uint64_t stopped_until() const noexcept { return stopped_until_; }

 private:
  static constexpr std::size_t kMostEntries = 1'000'000;

  std::vector<Entry> entries_;
  std::uint64_t stopped_until_ = 0;
};

}  // namespace leat::origin
