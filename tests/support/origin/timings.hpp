#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace leat::origin {

/// When timed requests came and were answered, for who holds a client's figures against it; and the stop that
/// they are held up by. Nanoseconds of CLOCK_MONOTONIC, which all processes of the machine share. Loop thread
/// only.
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
  /// A line "SEQ RECEIVED ANSWERED" each, as they were answered; forgets them, and the stop.
  [[nodiscard]] std::string take_text();

  /// No timed request is answered before that.
  void stop_until(std::uint64_t time) noexcept { stopped_until_ = time; }
  [[nodiscard]] std::uint64_t stopped_until() const noexcept { return stopped_until_; }

 private:
  static constexpr std::size_t kMostEntries = 1'000'000;

  std::vector<Entry> entries_;
  std::uint64_t stopped_until_ = 0;
};

}  // namespace leat::origin
