#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/state/journal.hpp"
#include "pipelines/state/sqlite/sqlite_db.hpp"

namespace leat::pipelines {

/// The queues of stages that feed themselves. Each item is in a queue once; the first in is the first out.
///
/// Only this object knows which items are taken: all that was queued or taken when the process ended is
/// queued again when the table is opened. Finished items stay without their records, since their keys keep
/// them from being queued again. Stages are told apart by a number, their place in the plan.
///
/// Keys have 64 bits: of ten million different items two share a key once in 370,000 runs, and one of the
/// two is not done then. Memory does not grow with the items. One thread at a time.
class FrontierTable {
 public:
  static Result<FrontierTable> open(SqliteDb& db);

  /// Queues those that have never been queued before; how many those were.
  Result<std::size_t> add(int stage, const std::vector<FrontierItem>& items);
  /// The next ones, in the order in which they were added: at most `most`, none if none is queued.
  Result<std::vector<FrontierItem>> take(int stage, std::size_t most);
  /// The item is done. A key that was never added is an error (internal); one that is done already stays so.
  Status finish(int stage, std::uint64_t key);
  [[nodiscard]] FrontierCount count(int stage) const;

 private:
  struct Stage {
    FrontierCount count;
    std::int64_t last_taken = 0;
  };

  explicit FrontierTable(SqliteDb& db) noexcept : db_(&db) {}
  Status prepare();
  Status count_all();
  Result<bool> exists(int stage, std::uint64_t key);

  SqliteDb* db_;
  std::map<int, Stage> stages_;
  SqliteStatement add_;
  SqliteStatement take_;
  SqliteStatement finish_;
  SqliteStatement exists_;
};

}  // namespace leat::pipelines
