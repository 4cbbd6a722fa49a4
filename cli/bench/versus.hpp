#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cli/bench/bench_record.hpp"
#include "engine/load/bootstrap.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::cli {

/// The blocks in which two sides are measured: groups of A B B A, close together.
///
/// Each side's measured time (or number of requests) is divided among its blocks, two in each group. A block
/// takes at least a tenth of a second if that leaves enough groups. The first block of either side is thrown
/// away, because it finds caches cold.
class VersusSchedule {
 public:
  struct Block {
    std::size_t group = 0;
    bool second = false;  // a block of the other target
    bool counts = true;
    load::LoadPlan plan;
  };

  VersusSchedule(const load::LoadPlan& plan, load::Target other);

  [[nodiscard]] const std::vector<Block>& blocks() const noexcept { return blocks_; }
  [[nodiscard]] std::size_t groups() const noexcept { return groups_; }

 private:
  std::vector<Block> blocks_;
  std::size_t groups_ = 0;
};

/// What --vs takes: two results for each block of a side.
inline constexpr std::uint64_t kFewestVersusRequests = 4 * load::kFewestGroups;

/// Takes the results of blocks, and makes both sides and their comparison from them.
class VersusTally {
 public:
  explicit VersusTally(std::size_t groups) : pairs_(groups) {}

  void take(const VersusSchedule::Block& block, const load::LoadResult& result);
  [[nodiscard]] const load::LoadResult& subject() const noexcept { return a_; }
  [[nodiscard]] const load::LoadResult& other() const noexcept { return b_; }
  /// Only complete groups count.
  [[nodiscard]] Comparison compare(std::string a, std::string b) const;

 private:
  std::vector<load::BlockPair> pairs_;
  std::vector<int> taken_ = std::vector<int>(pairs_.size(), 0);
  load::LoadResult a_;
  load::LoadResult b_;
};

}  // namespace leat::cli
