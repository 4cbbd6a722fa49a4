#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/async/clock.hpp"

namespace leat::load {

/// Counts when answers came, in equal cells from the start of the measured time, for as long as a run lasts.
///
/// Its memory is fixed: when a run outgrows the cells, each pair of them becomes one. `record` is O(1). It is
/// a value, for one thread; `merge` adds what another thread has counted.
class AnswerTimes {
 public:
  /// `since` is the time since the start of the measured time; what came before it is not counted.
  void record(async::Duration since) noexcept {
    if (since.count() < 0) return;
    const auto at = static_cast<std::uint64_t>(since.count());
    while (at >> shift_ >= kCells) [[unlikely]] widen();
    ++cells_[at >> shift_];
  }
  void merge(const AnswerTimes& other) noexcept;

  /// How many answers came in each of `count` equal parts of the time from `begin` on for `lasts`; a cell
  /// across a border is divided.
  [[nodiscard]] std::vector<double> parts(async::Duration begin, async::Duration lasts,
                                          std::size_t count) const;

  /// Reads or writes all of it; see result_bytes.cpp.
  template <class Archive>
  void pass(Archive& archive) {
    archive(shift_);
    for (auto& cell : cells_) archive(cell);
    if (shift_ < kFirstShift || shift_ > kLastShift) {
      archive.fail();
      *this = AnswerTimes();
    }
  }

 private:
  static constexpr unsigned kLastShift = 53;  // 2^63 ns in all
  static constexpr std::size_t kCells = 1024;
  static constexpr unsigned kFirstShift = 20;  // a cell of about a millisecond

  void widen() noexcept;

  unsigned shift_ = kFirstShift;  // a cell lasts 2^shift_ nanoseconds
  std::array<std::uint64_t, kCells> cells_{};
};

}  // namespace leat::load
