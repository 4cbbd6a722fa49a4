#include "engine/load/answer_times.hpp"

#include <algorithm>
#include <cmath>

namespace leat::load {

void AnswerTimes::widen() noexcept {
  for (std::size_t i = 0; i < kCells; ++i) {
    cells_[i] = i < kCells / 2 ? cells_[2 * i] + cells_[2 * i + 1] : 0;
  }
  ++shift_;
}

void AnswerTimes::merge(const AnswerTimes& other) noexcept {
  AnswerTimes more = other;
  while (more.shift_ < shift_) more.widen();
  while (shift_ < more.shift_) widen();
  for (std::size_t i = 0; i < kCells; ++i) cells_[i] += more.cells_[i];
}

std::vector<double> AnswerTimes::parts(async::Duration begin, async::Duration lasts,
                                       std::size_t count) const {
  std::vector<double> parts(count, 0);
  if (count == 0 || lasts.count() <= 0) return parts;
  const double cell = std::ldexp(1.0, static_cast<int>(shift_));
  const double part = static_cast<double>(lasts.count()) / static_cast<double>(count);
  const auto from = static_cast<double>(begin.count());
  for (std::size_t i = 0; i < kCells; ++i) {
    if (cells_[i] == 0) continue;
    const double start = static_cast<double>(i) * cell - from;
    const double end = start + cell;
    const auto first = static_cast<std::size_t>(std::max(0.0, std::floor(start / part)));
    for (std::size_t p = first; p < count && static_cast<double>(p) * part < end; ++p) {
      const double inside =
          std::min(end, static_cast<double>(p + 1) * part) - std::max(start, static_cast<double>(p) * part);
      if (inside > 0) parts[p] += static_cast<double>(cells_[i]) * inside / cell;
    }
  }
  return parts;
}

}  // namespace leat::load
