#include "pipelines/state/sqlite/root_table.hpp"

#include <algorithm>
#include <array>

namespace leat::pipelines {

namespace {

Outcome outcome_at(const SqliteStatement& row, int column) {
  return static_cast<Outcome>(row.number(column));
}

}  // namespace

Result<RootTable> RootTable::open(SqliteDb& db) {
  RootTable table(db);
  auto last = db.number("SELECT max(id) FROM roots");
  if (!last.ok()) return std::move(last.error());
  table.last_id_ = static_cast<std::uint64_t>(*last);
  if (auto failed = table.prepare()) return std::move(*failed);
  return table;
}

Status RootTable::prepare() {
  return prepare_all(
      *db_,
      std::array{
          SqlOf{range_, "SELECT id, hash, outcome FROM roots WHERE id >= ? AND id < ? ORDER BY id"},
          SqlOf{outcome_of_, "SELECT outcome FROM roots WHERE id = ?"},
          SqlOf{insert_, "INSERT OR REPLACE INTO roots VALUES(?, ?, ?)"},
          SqlOf{fail_, "INSERT OR REPLACE INTO failures VALUES(?, ?, ?, ?, ?)"},
          SqlOf{failure_of_, "SELECT code, host FROM failures WHERE id = ?"},
          SqlOf{unfail_, "DELETE FROM failures WHERE id = ?"},
          SqlOf{count_, "INSERT INTO counts VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"},
      });
}

Result<std::vector<RootTable::Row>> RootTable::rows(std::uint64_t first, std::uint64_t count) {
  std::vector<Row> found;
  range_.bind_key(1, first).bind_key(2, first + count);
  for (;;) {
    auto row = range_.step();
    if (!row.ok()) return std::move(row.error());
    if (!*row) return found;
    found.push_back({range_.key(0), range_.key(1), outcome_at(range_, 2)});
  }
}

Status RootTable::start_over_by_content(std::uint64_t position) {
  changed_at_ = position;
  if (auto failed = db_->execute("CREATE INDEX IF NOT EXISTS roots_by_hash ON roots(hash, id);"
                                 "CREATE TEMP TABLE claims(hash INTEGER PRIMARY KEY, id INTEGER NOT NULL)")) {
    return failed;
  }
  return prepare_all(
      *db_,
      std::array{
          SqlOf{by_hash_, "SELECT id, outcome FROM roots WHERE hash = ? AND id > ? ORDER BY id LIMIT 1"},
          SqlOf{claimed_, "SELECT id FROM claims WHERE hash = ?"},
          SqlOf{claim_, "INSERT OR REPLACE INTO claims VALUES(?, ?)"},
      });
}

// Rows below the first difference belong to the records before it, which were found by position.
Result<Root> RootTable::find_by_content(std::uint64_t position, std::uint64_t hash) {
  auto claimed = claimed_.bind_key(1, hash).step();
  if (!claimed.ok()) return std::move(claimed.error());
  const std::uint64_t last = *claimed ? claimed_.key(0) : changed_at_ - 1;
  claimed_.reset();
  auto row = by_hash_.bind_key(1, hash).bind_key(2, last).step();
  if (!row.ok()) return std::move(row.error());
  if (!*row) return name_new(position, hash);
  const Root found(by_hash_.key(0), outcome_at(by_hash_, 1));
  by_hash_.reset();
  if (auto failed = claim(hash, found.id)) return std::move(*failed);
  return found;
}

// The record claims the row that it will have, so that the next record of that content does not find it.
Result<Root> RootTable::name_new(std::uint64_t position, std::uint64_t hash) {
  for (;;) {
    auto taken = has_row(base_ + position);
    if (!taken.ok()) return std::move(taken.error());
    if (!*taken) break;
    auto next = next_base(position);
    if (!next.ok()) return std::move(next.error());
    base_ = *next;
  }
  if (auto failed = claim(hash, base_ + position)) return std::move(*failed);
  return Root(base_ + position, std::nullopt);
}

Result<bool> RootTable::has_row(std::uint64_t id) {
  auto row = outcome_of_.bind_key(1, id).step();
  outcome_of_.reset();
  return row;
}

Result<std::uint64_t> RootTable::next_base(std::uint64_t position) {
  const std::string above = "SELECT min(base) FROM lists WHERE base > " + std::to_string(base_);
  auto known = db_->number(above);
  if (!known.ok()) return std::move(known.error());
  if (*known != 0) return static_cast<std::uint64_t>(*known);
  const std::uint64_t base = std::max(last_id_, base_ + position);
  const std::string insert = "INSERT INTO lists VALUES(" + std::to_string(base) + ")";
  if (auto failed = db_->execute(insert.c_str())) return std::move(*failed);
  return base;
}

Status RootTable::claim(std::uint64_t hash, std::uint64_t id) {
  return claim_.bind_key(1, hash).bind_key(2, id).run();
}

Status RootTable::end(const RootEnd& end) {
  if (end.outcome == Outcome::cancelled) return std::nullopt;
  if (end.id <= last_id_) {
    auto known = outcome_of_.bind_key(1, end.id).step();
    if (!known.ok()) return std::move(known.error());
    const bool ended_before = *known;
    const bool failed_before = ended_before && outcome_at(outcome_of_, 0) == Outcome::failed;
    outcome_of_.reset();
    if (ended_before && !failed_before) return std::nullopt;
    if (failed_before) {
      if (auto failed = forget_failure(end.id)) return failed;
    }
  }
  last_id_ = std::max(last_id_, end.id);
  insert_.bind_key(1, end.id).bind_key(2, end.hash).bind(3, static_cast<std::int64_t>(end.outcome));
  if (auto failed = insert_.run()) return failed;
  if (end.outcome == Outcome::failed) {
    fail_.bind_key(1, end.id).bind(2, end.code).bind(3, end.host).bind(4, end.url).bind(5, end.message);
    if (auto failed = fail_.run()) return failed;
  }
  ++counts_[{end.outcome, end.code, end.host}];
  return std::nullopt;
}

Status RootTable::forget_failure(std::uint64_t id) {
  auto row = failure_of_.bind_key(1, id).step();
  if (!row.ok()) return std::move(row.error());
  if (*row) --counts_[{Outcome::failed, std::string(failure_of_.text(0)), std::string(failure_of_.text(1))}];
  failure_of_.reset();
  return unfail_.bind_key(1, id).run();
}

Status RootTable::write_counts() {
  for (const auto& [key, n] : counts_) {
    const auto& [outcome, code, host] = key;
    count_.bind(1, static_cast<std::int64_t>(outcome)).bind(2, code).bind(3, host).bind(4, n);
    if (auto failed = count_.run()) return failed;
  }
  counts_.clear();
  return std::nullopt;
}

}  // namespace leat::pipelines
