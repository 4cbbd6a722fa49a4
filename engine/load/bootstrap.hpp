#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/load/histogram.hpp"
#include "engine/load/load_result.hpp"

namespace leat::load {

/// What one side did in a group of blocks.
struct Block {
  Histogram response;
  std::uint64_t finished = 0;  // ok responses in time
  double seconds = 0;

  void add(const LoadResult& result);
};

/// A group: blocks of both sides that are close together in time, in the order ABBA, so that a steady drift
/// affects both sides in the same way.
struct BlockPair {
  Block a;
  Block b;
};

/// b / a, and its interval.
struct Ratio {
  double value = 1;
  double lowest = 1;
  double highest = 1;

  [[nodiscard]] bool differs() const noexcept { return lowest > 1 || highest < 1; }
};

/// Gives nothing if there are too few groups or too few samples.
struct BlockComparison {
  std::size_t groups = 0;
  std::optional<Ratio> median;  // of response times
  std::optional<Ratio> p99;
  std::optional<Ratio> rate;
};

/// With fewer groups no interval is given.
inline constexpr std::size_t kFewestGroups = 5;

/// Each of the three intervals has this level, so that all three are right together in at least 95 of 100
/// comparisons (Bonferroni).
inline constexpr double kRatioConfidence = 1 - (1 - 0.95) / 3;

/// Compares two sides by the bootstrap over groups. Groups are drawn again, and not requests, since requests
/// of one block are not independent of each other. The interval is that of the logarithm of the ratio: its
/// standard error over 500 draws, and Student's t with one degree of freedom less than there are groups (the
/// plain percentile interval is too narrow for about ten groups; Hesterberg, The American Statistician 69,
/// 2015). Half a bucket of the histogram is added on either side, for times that are all alike. The same seed
/// gives the same answer.
[[nodiscard]] BlockComparison compare_blocks(std::span<const BlockPair> groups, std::uint64_t seed = 1);

}  // namespace leat::load
