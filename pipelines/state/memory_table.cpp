#include "pipelines/state/memory_table.hpp"

#include <array>
#include <utility>

namespace leat::pipelines {

Result<MemoryTable> MemoryTable::open(SqliteDb& db) {
  MemoryTable table(db);
  auto rows = db.prepare(
      "SELECT stage, key, value, EXISTS(SELECT 1 FROM roots WHERE id = value) FROM memory WHERE stage > 0 "
      "ORDER BY stage, key");
  if (!rows.ok()) return std::move(rows.error());
  for (;;) {
    auto row = rows->step();
    if (!row.ok()) return std::move(row.error());
    if (!*row) break;
    table.known_[static_cast<int>(rows->number(0))].push_back(
        {rows->key(1), rows->key(2), rows->number(3) != 0});
  }
  auto failed =
      prepare_all(db, std::array{
                          SqlOf{table.keep_, "INSERT OR IGNORE INTO memory VALUES(?, ?, ?)"},
                          SqlOf{table.find_, "SELECT value FROM memory WHERE stage = ? AND key = ?"},
                      });
  if (failed) return std::move(*failed);
  return table;
}

std::vector<Remembered> MemoryTable::take(int stage) { return std::exchange(known_[stage], {}); }

Status MemoryTable::keep(int stage, std::uint64_t key, std::uint64_t value) {
  return keep_.bind(1, std::int64_t{stage}).bind_key(2, key).bind_key(3, value).run();
}

Result<std::vector<std::uint64_t>> MemoryTable::keep_first(int stage, const std::vector<FirstOf>& keys) {
  std::vector<std::uint64_t> firsts;
  firsts.reserve(keys.size());
  for (const auto& [key, id] : keys) {
    if (auto failed = keep(stage, key, id)) return std::move(*failed);
    firsts.push_back(id);
    if (db_->changes() > 0) continue;
    auto row = find_.bind(1, std::int64_t{stage}).bind_key(2, key).step();
    if (!row.ok()) return std::move(row.error());
    if (*row) firsts.back() = find_.key(0);
    find_.reset();
  }
  return firsts;
}

}  // namespace leat::pipelines
