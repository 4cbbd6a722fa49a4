#include "pipelines/state/sqlite/memory_table.hpp"

#include <array>
#include <ctime>
#include <utility>

namespace leat::pipelines {

Result<MemoryTable> MemoryTable::open(SqliteDb& db) {
  MemoryTable table(db);
  auto rows = db.prepare(
      "SELECT stage, key, value, EXISTS(SELECT 1 FROM roots WHERE id = value) OR EXISTS(SELECT 1 FROM"
      " frontier AS f WHERE f.stage IN (SELECT DISTINCT stage FROM frontier) AND f.key = memory.value"
      " AND f.done = 1) FROM memory WHERE stage > 0 ORDER BY stage, key");
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
    if (auto failed = keep(-stage, key, id)) return std::move(*failed);
    firsts.push_back(id);
    if (db_->changes() > 0) continue;
    auto row = find_.bind(1, -std::int64_t{stage}).bind_key(2, key).step();
    if (!row.ok()) return std::move(row.error());
    if (*row) firsts.back() = find_.key(0);
    find_.reset();
  }
  return firsts;
}

Result<VersionTable> VersionTable::open(SqliteDb& db) {
  VersionTable table;
  auto failed =
      prepare_all(db, std::array{
                          SqlOf{table.keep_, "INSERT OR REPLACE INTO versions VALUES(?, ?, ?, ?)"},
                          SqlOf{table.find_, "SELECT etag, size, modified FROM versions WHERE url = ?"},
                      });
  if (failed) return std::move(*failed);
  return table;
}

Status VersionTable::keep(std::uint64_t url, const io::FileVersion& version) {
  keep_.bind_key(1, url).bind(2, version.etag);
  keep_.bind_key(3, version.size).bind(4, std::int64_t{version.modified});
  return keep_.run();
}

Result<std::optional<io::FileVersion>> VersionTable::find(std::uint64_t url) {
  auto row = find_.bind_key(1, url).step();
  if (!row.ok()) return std::move(row.error());
  std::optional<io::FileVersion> found;
  if (*row) {
    found.emplace();
    found->etag = find_.text(0);
    found->size = find_.key(1);
    found->modified = static_cast<std::time_t>(find_.number(2));
  }
  find_.reset();
  return found;
}

}  // namespace leat::pipelines
