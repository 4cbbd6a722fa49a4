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

/// What one stage of a run with a journal has to know of the runs before: numbers by keys. The journal keeps
/// a number before it keeps anything that ends afterwards. Without a journal this stays empty. It takes some
/// 40 bytes for each key. Loop thread only. Stages make theirs in the order of the plan.
class StageMemory {
 public:
  explicit StageMemory(Resuming& run);

  [[nodiscard]] bool is_kept() const noexcept { return run_.journal != nullptr; }
  [[nodiscard]] std::optional<std::uint64_t> find(std::uint64_t key) const;
  /// How many keys were known at the start, and how many of their records are not done yet.
  [[nodiscard]] std::size_t known() const noexcept { return known_; }
  [[nodiscard]] std::size_t unfinished() const noexcept { return unfinished_; }
  void keep(std::uint64_t key, std::uint64_t value);
  /// Waits until all that was kept outlives a kill. A record that is printed because of it waits for this
  /// first, since another record may come first in the next run.
  async::Task<void> commit();

 private:
  Resuming& run_;
  const int number_;
  std::unordered_map<std::uint64_t, std::uint64_t> values_;
  std::size_t known_ = 0;
  std::size_t unfinished_ = 0;
};

/// Which keys a stage has seen, and, with a journal, which record was the first of each. The memory that this
/// takes is bounded.
///
/// Without a journal the first keys, up to a number, are in memory, 8 to 16 bytes each, and the others in a
/// temporary file. With a journal all of them are in that, so that a record which a kill interrupted is still
/// the first of its key in the next run. Keys are kept as 64-bit hashes: of ten million different ones two
/// are taken for the same once in 370,000 runs. Loop thread only. Stages make theirs in the order of the
/// plan.
class SeenKeys {
 public:
  enum class Answer : std::uint8_t { first, seen, on_disk };

  SeenKeys(Resuming& run, std::size_t in_memory);

  /// Whether the record of that id is the first of that key. `on_disk`: the next `ask` will answer that.
  Answer look(std::string_view key, std::uint64_t id);
  /// For each question that `look` has left open, in their order: whether the record is the first of its key.
  /// `lasting` waits until the answers outlive a kill, for records that may come in another order in the next
  /// run.
  async::Task<Result<std::vector<bool>>> ask(bool lasting);

 private:
  Resuming& run_;
  const std::size_t in_memory_;
  const int number_;
  NameSet known_;
  std::unique_ptr<Journal> own_;  // the temporary file
  std::vector<FirstOf> open_;
};

}  // namespace leat::pipelines
