#include "engine/load/bootstrap.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <vector>

#include "engine/load/normal.hpp"
#include "engine/load/quantile_interval.hpp"

namespace leat::load {

namespace {

constexpr std::size_t kDraws = 500;
constexpr double kHalfBucket = 0.0005;

using Weights = std::vector<double>;  // how often each group was drawn

/// One side's histograms of all groups over one list of buckets, so that they can be added up again and
/// again.
class Side {
 public:
  Side(std::span<const BlockPair> groups, const Block BlockPair::*side) {
    std::map<std::uint64_t, std::vector<double>> rows;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const Histogram& histogram = (groups[g].*side).response;
      histogram.for_each([&](const Histogram::Bucket& bucket) {
        auto& row = rows[bucket.lowest / 2 + bucket.highest / 2];
        row.resize(groups.size());
        row[g] = static_cast<double>(bucket.count);
      });
      totals_.push_back(static_cast<double>(histogram.total()));
    }
    for (auto& [value, row] : rows) {
      if (!up_to_.empty()) {
        for (std::size_t g = 0; g < groups.size(); ++g) row[g] += up_to_.back()[g];
      }
      values_.push_back(static_cast<double>(std::max<std::uint64_t>(value, 1)));
      up_to_.push_back(std::move(row));
    }
  }

  /// The logarithm of the quantile; nothing if it is among censored values.
  [[nodiscard]] std::optional<double> log_quantile(const Weights& weights, double q) const {
    const auto weighted = [&](const std::vector<double>& counts) {
      double sum = 0;
      for (std::size_t g = 0; g < weights.size(); ++g) sum += weights[g] * counts[g];
      return sum;
    };
    const double wanted = q * weighted(totals_) * (1 - 1e-12);
    const auto found = std::partition_point(up_to_.begin(), up_to_.end(),
                                            [&](const auto& counts) { return weighted(counts) < wanted; });
    if (found == up_to_.end()) return std::nullopt;
    return std::log(values_[static_cast<std::size_t>(found - up_to_.begin())]);
  }

 private:
  std::vector<double> totals_;
  std::vector<double> values_;
  std::vector<std::vector<double>> up_to_;  // in each group, what is at or below the value
};

using LogRatio = std::function<std::optional<double>(const Weights&)>;

class Bootstrap {
 public:
  Bootstrap(std::size_t groups, std::uint64_t seed) : groups_(groups) {
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::size_t> pick(0, groups - 1);
    for (auto& draw : draws_) {
      draw.assign(groups, 0);
      for (std::size_t i = 0; i < groups; ++i) ++draw[pick(random)];
    }
  }

  [[nodiscard]] std::optional<Ratio> ratio(const LogRatio& statistic, double resolution) const {
    const auto centre = statistic(Weights(groups_, 1));
    if (!centre) return std::nullopt;
    double squares = 0;
    for (const auto& draw : draws_) {
      const auto one = statistic(draw);
      if (!one) return std::nullopt;
      squares += (*one - *centre) * (*one - *centre);
    }
    const auto n = static_cast<double>(groups_);
    const double error = std::sqrt(squares / static_cast<double>(draws_.size()) * n / (n - 1));
    const double spread = error * student_quantile((1 + kRatioConfidence) / 2, n - 1) + resolution;
    return Ratio{std::exp(*centre), std::exp(*centre - spread), std::exp(*centre + spread)};
  }

 private:
  std::size_t groups_;
  std::vector<Weights> draws_{kDraws};
};

std::optional<double> log_rate(std::span<const BlockPair> groups, const Block BlockPair::*side,
                               const Weights& weights) {
  double finished = 0;
  double seconds = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Block& block = groups[g].*side;
    finished += weights[g] * static_cast<double>(block.finished);
    seconds += weights[g] * block.seconds;
  }
  if (finished <= 0 || seconds <= 0) return std::nullopt;
  return std::log(finished / seconds);
}

std::optional<double> difference(std::optional<double> b, std::optional<double> a) {
  if (!a || !b) return std::nullopt;
  return *b - *a;
}

bool enough(std::span<const BlockPair> groups, const Block BlockPair::*side, double p) {
  std::uint64_t samples = 0;
  for (const auto& group : groups) samples += (group.*side).response.total();
  return samples >= samples_for(p);
}

}  // namespace

void Block::add(const LoadResult& result) {
  response.merge(result.latency.response);
  finished += result.totals.finished_in_time;
  seconds += async::in_seconds(result.measured);
}

BlockComparison compare_blocks(std::span<const BlockPair> groups, std::uint64_t seed) {
  BlockComparison comparison;
  comparison.groups = groups.size();
  if (groups.size() < kFewestGroups) return comparison;
  const Bootstrap bootstrap(groups.size(), seed);
  const Side a(groups, &BlockPair::a);
  const Side b(groups, &BlockPair::b);
  const auto of_quantile = [&](double p) -> std::optional<Ratio> {
    if (!enough(groups, &BlockPair::a, p) || !enough(groups, &BlockPair::b, p)) return std::nullopt;
    const auto statistic = [&](const Weights& weights) {
      return difference(b.log_quantile(weights, p / 100), a.log_quantile(weights, p / 100));
    };
    return bootstrap.ratio(statistic, 2 * kHalfBucket);
  };
  comparison.median = of_quantile(50);
  comparison.p99 = of_quantile(99);
  const auto rates = [&](const Weights& weights) {
    return difference(log_rate(groups, &BlockPair::b, weights), log_rate(groups, &BlockPair::a, weights));
  };
  comparison.rate = bootstrap.ratio(rates, 0);
  return comparison;
}

}  // namespace leat::load
