#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/state/journal.hpp"
#include "pipelines/state/sqlite/sqlite_db.hpp"

namespace leat::pipelines {

/// The roots of a journal: a row for each source record that is done, and the sums that --status prints.
///
/// A record is known by its position in the source, which is its id, and by a hash of its content. If the
/// row at a position holds another hash, the list was edited between the runs, and from there on records
/// are found by content. A row stands for one record: if a content stands twice in the new list and was
/// done once, the first of the two is done. A record that is not found is new and gets the id `base +
/// position`. A base is a number above all ids so far; the journal keeps it, so that the ids are the same
/// when the edited list is read a third time. Records that were removed from the list stay in the journal
/// and in its counts.
///
/// Memory does not grow with the rows. One thread at a time.
class RootTable {
 public:
  struct Row {
    std::uint64_t id;
    std::uint64_t hash;
    Outcome outcome;
  };

  static Result<RootTable> open(SqliteDb& db);

  /// The highest id that has a row, 0 if there are none.
  [[nodiscard]] std::uint64_t last_id() const noexcept { return last_id_; }
  /// Rows of ids in [first, first + count), in order.
  Result<std::vector<Row>> rows(std::uint64_t first, std::uint64_t count);

  /// The list differs from `position` on. This is slow, since it makes an index; it is called once.
  Status start_over_by_content(std::uint64_t position);
  /// Is called after start_over_by_content, for positions in ascending order.
  Result<Root> find_by_content(std::uint64_t position, std::uint64_t hash);

  /// Keeps how a record ended. One that is known to have ended otherwise than `failed` stays as it is.
  /// `cancelled` means that it was not tried: nothing is kept, and the next run tries it.
  Status end(const RootEnd& end);
  /// Writes the sums. Is called in each transaction before it is committed.
  Status write_counts();

 private:
  explicit RootTable(SqliteDb& db) noexcept : db_(&db) {}
  Status prepare();
  Status forget_failure(std::uint64_t id);
  Result<bool> has_row(std::uint64_t id);
  Result<std::uint64_t> next_base(std::uint64_t position);
  Result<Root> name_new(std::uint64_t position, std::uint64_t hash);
  Status claim(std::uint64_t hash, std::uint64_t id);

  SqliteDb* db_;
  std::uint64_t last_id_ = 0;
  std::uint64_t base_ = 0;
  std::uint64_t changed_at_ = 0;
  std::map<std::tuple<Outcome, std::string, std::string>, std::int64_t> counts_;  // not written yet

  SqliteStatement range_;
  SqliteStatement outcome_of_;
  SqliteStatement insert_;
  SqliteStatement fail_;
  SqliteStatement failure_of_;
  SqliteStatement unfail_;
  SqliteStatement count_;
  SqliteStatement by_hash_;
  SqliteStatement claimed_;
  SqliteStatement claim_;
};

}  // namespace leat::pipelines
