#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace leat::load {

/// The value at some rank of a distribution.
struct Quantile {
  std::uint64_t value = 0;
  bool censored = false;  // the true value is not known, but it is at least this
};

/// Counts times in whole nanoseconds, to 3 significant digits, as Gil Tene's HdrHistogram does
/// (lowestDiscernibleValue 1, significant figures 3).
///
/// `record` is O(1) and reads no clock; it allocates 8 KiB when a value is the first within its power of two,
/// and nothing else. Values up to 2047 are exact; above that, the width of a bucket is at most 1/1024 of its
/// values. A value above kMost counts as kMost. A censored value is one of which only a lower bound is known,
/// such as that of a request that was given up after 10 s, or that failed after 1 ms and might have taken any
/// longer time. It belongs to the tail: its rank is above that of every value that was measured. So `count`
/// is what was measured, `censored` is the rest, and ranks go up to `total`. It is used by one thread at a
/// time. `merge` adds what another thread has counted.
class Histogram {
 public:
  static constexpr std::uint64_t kMost = (std::uint64_t{1} << 43) - 1;  // 2 h 26 min

  /// A bucket that is not empty: all values from `lowest` to `highest`, both included.
  struct Bucket {
    std::size_t index;  // the index in HdrHistogram's array of counts
    std::uint64_t lowest;
    std::uint64_t highest;
    std::uint64_t count;
  };

  Histogram() = default;
  Histogram(const Histogram& other) { merge(other); }
  Histogram(Histogram&& other) noexcept { swap(other); }
  Histogram& operator=(const Histogram& other);
  Histogram& operator=(Histogram&& other) noexcept;
  void swap(Histogram& other) noexcept;

  void record(std::uint64_t value) noexcept {
    if (value > kMost) [[unlikely]]
      value = kMost;
    const Place place = place_of(value);
    if (!rows_[place.row]) [[unlikely]]
      add_row(place.row);
    ++rows_[place.row][place.column];
    ++count_;
    sum_ += value;
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
  }
  /// Records a value `times` times, for histograms that are read back.
  void record_many(std::uint64_t value, std::uint64_t times) noexcept;
  /// Records a value of which only is known that it is at least `bound`.
  void record_censored(std::uint64_t bound) noexcept;
  void merge(const Histogram& other);
  void clear() noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t censored() const noexcept { return censored_; }
  [[nodiscard]] std::uint64_t total() const noexcept { return count_ + censored_; }
  /// The exact extremes of the measured values, or 0 if there are none.
  [[nodiscard]] std::uint64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
  [[nodiscard]] std::uint64_t max() const noexcept { return max_; }
  [[nodiscard]] double mean() const noexcept;
  /// The measured values' deviation, from the buckets' middles: that of a population, not of a sample.
  [[nodiscard]] double stdev() const noexcept;
  /// The largest bound of the censored values.
  [[nodiscard]] std::uint64_t censored_max() const noexcept { return censored_max_; }

  /// The rank-th smallest value of `total`, counted from 1 (rank 0 means 1, and a rank above `total` means
  /// the last): the highest value of its bucket, but never above `max`. If the rank is among the censored
  /// values, this is the largest known value, and `censored` is set.
  [[nodiscard]] Quantile at_rank(std::uint64_t rank) const noexcept;
  /// The smallest value that at least p percent of all values do not exceed; p is from 0 to 100.
  [[nodiscard]] Quantile percentile(double p) const noexcept;

  /// What a histogram knows besides its buckets.
  struct Sums {
    std::uint64_t sum = 0;
    std::uint64_t min = 0;
    std::uint64_t max = 0;
    std::uint64_t censored = 0;
    std::uint64_t censored_max = 0;
  };
  [[nodiscard]] Sums sums() const noexcept { return {sum_, min(), max_, censored_, censored_max_}; }
  /// Says what is known besides the buckets, of which `record_many` has brought back all: then this is the
  /// same histogram, to the last digit of its mean.
  void set_sums(const Sums& sums) noexcept;

  /// Every bucket with a count, in rising order.
  void for_each(const std::function<void(const Bucket&)>& fn) const;

 private:
  // HdrHistogram's layout: row 0 holds 0 to 1023, and each row after it the values of one power of two.
  static constexpr unsigned kColumnBits = 10;
  static constexpr std::size_t kColumns = std::size_t{1} << kColumnBits;
  static constexpr std::size_t kRows = 34;
  struct Place {
    std::size_t row;
    std::size_t column;
  };
  struct Free {
    void operator()(std::uint64_t* row) const noexcept;
  };

  static constexpr Place place_of(std::uint64_t value) noexcept {
    const auto width = static_cast<unsigned>(std::bit_width(value | (kColumns - 1)));  // at least 10
    if (width == kColumnBits) return {0, static_cast<std::size_t>(value)};
    const unsigned shift = width - kColumnBits - 1;
    return {std::size_t{width} - kColumnBits, static_cast<std::size_t>(value >> shift) - kColumns};
  }
  [[nodiscard]] static Bucket bucket_at(std::size_t row, std::size_t column, std::uint64_t count) noexcept;
  void add_row(std::size_t row) noexcept;

  std::array<std::unique_ptr<std::uint64_t[], Free>, kRows> rows_;
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t min_ = ~std::uint64_t{0};
  std::uint64_t max_ = 0;
  std::uint64_t censored_ = 0;
  std::uint64_t censored_max_ = 0;
};

}  // namespace leat::load
