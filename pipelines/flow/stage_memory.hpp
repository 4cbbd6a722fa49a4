#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "engine/async/task.hpp"
#include "pipelines/flow/run_context.hpp"

namespace leat::pipelines {

/// What one stage of a run with a journal has to know of the runs before: numbers by keys, kept as they are
/// added, before anything that ends afterwards. Without a journal it stays empty. Some 40 bytes each. Loop
/// thread only; made in the order of the plan.
class StageMemory {
 public:
  explicit StageMemory(RunContext& context);

  [[nodiscard]] bool is_kept() const noexcept { return context_.journal != nullptr; }
  [[nodiscard]] std::optional<std::uint64_t> find(std::uint64_t key) const;
  /// Of what was known at the start: how many there were, and how many whose record is not done yet.
  [[nodiscard]] std::size_t known() const noexcept { return known_; }
  [[nodiscard]] std::size_t unfinished() const noexcept { return unfinished_; }
  void keep(std::uint64_t key, std::uint64_t value);
  /// Waits until all that was kept outlives a kill. Before a record goes on that is to be printed because of
  /// it: which record comes first may be another one in the next run.
  async::Task<void> commit();

 private:
  RunContext& context_;
  const int number_;
  std::unordered_map<std::uint64_t, std::uint64_t> values_;
  std::size_t known_ = 0;
  std::size_t unfinished_ = 0;
};

}  // namespace leat::pipelines
