#include "pipelines/state/memory_table.hpp"

#include <utility>

namespace leat::pipelines {

Result<MemoryTable> MemoryTable::open(SqliteDb& db) {
  MemoryTable table;
  auto rows = db.prepare(
      "SELECT stage, key, value, EXISTS(SELECT 1 FROM roots WHERE id = value) FROM memory ORDER BY stage, "
      "key");
  if (!rows.ok()) return std::move(rows.error());
  for (;;) {
    auto row = rows->step();
    if (!row.ok()) return std::move(row.error());
    if (!*row) break;
    table.known_[static_cast<int>(rows->number(0))].push_back(
        {rows->key(1), rows->key(2), rows->number(3) != 0});
  }
  auto keep = db.prepare("INSERT OR IGNORE INTO memory VALUES(?, ?, ?)");
  if (!keep.ok()) return std::move(keep.error());
  table.keep_ = std::move(*keep);
  return table;
}

std::vector<Remembered> MemoryTable::take(int stage) { return std::exchange(known_[stage], {}); }

Status MemoryTable::keep(int stage, std::uint64_t key, std::uint64_t value) {
  return keep_.bind(1, std::int64_t{stage}).bind_key(2, key).bind_key(3, value).run();
}

}  // namespace leat::pipelines
