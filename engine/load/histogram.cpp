#include "engine/load/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <utility>

namespace leat::load {

void Histogram::Free::operator()(std::uint64_t* row) const noexcept { std::free(row); }

// calloc leaves pages untouched in which nobody counts.
void Histogram::add_row(std::size_t row) noexcept {
  rows_[row].reset(static_cast<std::uint64_t*>(std::calloc(kColumns, sizeof(std::uint64_t))));
  if (!rows_[row]) std::terminate();
}

Histogram& Histogram::operator=(const Histogram& other) {
  Histogram copy(other);
  swap(copy);
  return *this;
}

Histogram& Histogram::operator=(Histogram&& other) noexcept {
  Histogram moved(std::move(other));
  swap(moved);
  return *this;
}

void Histogram::swap(Histogram& other) noexcept {
  std::swap(rows_, other.rows_);
  std::swap(count_, other.count_);
  std::swap(sum_, other.sum_);
  std::swap(min_, other.min_);
  std::swap(max_, other.max_);
  std::swap(censored_, other.censored_);
  std::swap(censored_max_, other.censored_max_);
}

void Histogram::record_many(std::uint64_t value, std::uint64_t times) noexcept {
  if (times == 0) return;
  record(value);
  const Place place = place_of(std::min(value, kMost));
  rows_[place.row][place.column] += times - 1;
  count_ += times - 1;
  sum_ += std::min(value, kMost) * (times - 1);
}

void Histogram::set_sums(const Sums& sums) noexcept {
  sum_ = sums.sum;
  if (count_ > 0) min_ = sums.min;
  max_ = sums.max;
  censored_ = sums.censored;
  censored_max_ = sums.censored_max;
}

void Histogram::record_censored(std::uint64_t bound) noexcept {
  ++censored_;
  censored_max_ = std::max(censored_max_, std::min(bound, kMost));
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t row = 0; row < kRows; ++row) {
    if (!other.rows_[row]) continue;
    if (!rows_[row]) add_row(row);
    for (std::size_t column = 0; column < kColumns; ++column) {
      rows_[row][column] += other.rows_[row][column];
    }
  }
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  censored_ += other.censored_;
  censored_max_ = std::max(censored_max_, other.censored_max_);
}

// Rows are kept, since values that came once will come again.
void Histogram::clear() noexcept {
  for (auto& row : rows_) {
    if (row) std::fill_n(row.get(), kColumns, 0);
  }
  count_ = sum_ = max_ = censored_ = censored_max_ = 0;
  min_ = ~std::uint64_t{0};
}

Histogram::Bucket Histogram::bucket_at(std::size_t row, std::size_t column, std::uint64_t count) noexcept {
  const std::size_t index = row * kColumns + column;
  if (row == 0) return {index, column, column, count};
  const std::size_t shift = row - 1;
  const std::uint64_t lowest = std::uint64_t{kColumns + column} << shift;
  return {index, lowest, lowest + (std::uint64_t{1} << shift) - 1, count};
}

void Histogram::for_each(const std::function<void(const Bucket&)>& fn) const {
  for (std::size_t row = 0; row < kRows; ++row) {
    if (!rows_[row]) continue;
    for (std::size_t column = 0; column < kColumns; ++column) {
      if (const std::uint64_t count = rows_[row][column]; count > 0) fn(bucket_at(row, column, count));
    }
  }
}

double Histogram::mean() const noexcept {
  return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

double Histogram::stdev() const noexcept {
  if (count_ == 0) return 0;
  double squares = 0;
  for_each([&, centre = mean()](const Bucket& bucket) {
    const double middle = (static_cast<double>(bucket.lowest) + static_cast<double>(bucket.highest)) / 2;
    squares += (middle - centre) * (middle - centre) * static_cast<double>(bucket.count);
  });
  return std::sqrt(squares / static_cast<double>(count_));
}

Quantile Histogram::at_rank(std::uint64_t rank) const noexcept {
  rank = std::clamp<std::uint64_t>(rank, 1, std::max<std::uint64_t>(total(), 1));
  if (rank > count_) return {std::max(max_, censored_max_), censored_ > 0};
  std::uint64_t seen = 0;
  for (std::size_t row = 0; row < kRows; ++row) {
    if (!rows_[row]) continue;
    for (std::size_t column = 0; column < kColumns; ++column) {
      seen += rows_[row][column];
      if (seen >= rank) return {std::min(bucket_at(row, column, 0).highest, max_), false};
    }
  }
  return {max_, false};
}

Quantile Histogram::percentile(double p) const noexcept {
  const double exact = std::clamp(p, 0.0, 100.0) / 100 * static_cast<double>(total());
  // 99.9 / 100 × 1000 is a little more than 999 in binary, and the answer would be one rank too high.
  return at_rank(static_cast<std::uint64_t>(std::ceil(exact - exact * 1e-12)));
}

}  // namespace leat::load
