#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/result/name_set.hpp"
#include "pipelines/state/journal.hpp"

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

/// Which keys a stage has seen, and with a journal which record was the first of each: in memory that doesn't
/// grow with their number.
///
/// Without a journal the first ones, up to a number, are in memory, 8 to 16 bytes each, and the others in a
/// temporary file. With a journal all are in that, so that a record which a kill interrupted is still the
/// first of its key. Keys are kept as 64-bit hashes: of ten million different ones two are taken for the same
/// once in 370,000 runs. Loop thread only; made in the order of the plan.
class SeenKeys {
 public:
  enum class Answer : std::uint8_t { first, seen, on_disk };

  SeenKeys(RunContext& context, std::size_t in_memory);

  /// Whether the record of that id is the first of that key, or else, `on_disk`, that this will be among the
  /// next answers of `ask`.
  Answer look(std::string_view key, std::uint64_t id);
  /// Of those that `look` has left open, in that order: whether they are the first of their keys. `lasting`:
  /// once the answer outlives a kill, for records that may come in another order in the next run.
  async::Task<Result<std::vector<bool>>> ask(bool lasting);

 private:
  RunContext& context_;
  const std::size_t in_memory_;
  const int number_;
  NameSet known_;
  std::unique_ptr<Journal> own_;  // the temporary file
  std::vector<FirstOf> open_;
};

}  // namespace leat::pipelines
