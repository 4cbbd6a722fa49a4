#include "pipelines/state/sqlite/frontier_table.hpp"

#include <array>

namespace leat::pipelines {

Result<FrontierTable> FrontierTable::open(SqliteDb& db) {
  FrontierTable table(db);
  if (auto failed = table.count_all()) return std::move(*failed);
  if (auto failed = table.prepare()) return std::move(*failed);
  return table;
}

Status FrontierTable::count_all() {
  auto rows = db_->prepare("SELECT stage, done, count(*) FROM frontier GROUP BY stage, done");
  if (!rows.ok()) return std::move(rows.error());
  for (;;) {
    auto row = rows->step();
    if (!row.ok()) return std::move(row.error());
    if (!*row) return std::nullopt;
    FrontierCount& count = stages_[static_cast<int>(rows->number(0))].count;
    (rows->number(1) != 0 ? count.done : count.queued) = rows->key(2);
  }
}

// `take` goes by rowid: by the index of keys it would have to sort.
Status FrontierTable::prepare() {
  return prepare_all(
      *db_, std::array{
                SqlOf{add_,
                      "INSERT INTO frontier(stage, key, depth, parent, record) VALUES(?, ?, ?, ?, ?)"
                      " ON CONFLICT DO NOTHING"},
                SqlOf{take_,
                      "SELECT seq, key, depth, parent, record FROM frontier NOT INDEXED"
                      " WHERE seq > ? AND stage = ? AND done = 0 ORDER BY seq LIMIT ?"},
                SqlOf{finish_,
                      "UPDATE frontier SET done = 1, record = NULL WHERE stage = ? AND key = ? AND done = 0"},
                SqlOf{exists_, "SELECT 1 FROM frontier WHERE stage = ? AND key = ?"},
            });
}

Result<std::size_t> FrontierTable::add(int stage, const std::vector<FrontierItem>& items) {
  std::size_t added = 0;
  for (const auto& item : items) {
    add_.bind(1, std::int64_t{stage}).bind_key(2, item.key).bind(3, std::int64_t{item.depth});
    add_.bind_key(4, item.parent).bind(5, item.record);
    if (auto failed = add_.run()) return std::move(*failed);
    added += static_cast<std::size_t>(db_->changes());
  }
  stages_[stage].count.queued += added;
  return added;
}

// The queue isn't looked at when it is empty, so that no row is passed over twice.
Result<std::vector<FrontierItem>> FrontierTable::take(int stage, std::size_t most) {
  std::vector<FrontierItem> items;
  Stage& queue = stages_[stage];
  if (queue.count.queued == 0) return items;
  take_.bind(1, queue.last_taken).bind(2, std::int64_t{stage}).bind(3, static_cast<std::int64_t>(most));
  for (;;) {
    auto row = take_.step();
    if (!row.ok()) return std::move(row.error());
    if (!*row) break;
    queue.last_taken = take_.number(0);
    FrontierItem& item = items.emplace_back(take_.key(1), std::string(take_.text(4)));
    item.depth = static_cast<std::uint32_t>(take_.number(2));
    item.parent = take_.key(3);
  }
  queue.count.queued -= items.size();
  queue.count.taken += items.size();
  return items;
}

Status FrontierTable::finish(int stage, std::uint64_t key) {
  if (auto failed = finish_.bind(1, std::int64_t{stage}).bind_key(2, key).run()) return failed;
  if (db_->changes() > 0) {
    FrontierCount& count = stages_[stage].count;
    --count.taken;
    ++count.done;
    return std::nullopt;
  }
  auto known = exists(stage, key);
  if (!known.ok()) return std::move(known.error());
  if (!*known) return Error(Errc::internal, "journal: finished an item that was never queued");
  return std::nullopt;
}

Result<bool> FrontierTable::exists(int stage, std::uint64_t key) {
  auto row = exists_.bind(1, std::int64_t{stage}).bind_key(2, key).step();
  exists_.reset();
  return row;
}

FrontierCount FrontierTable::count(int stage) const {
  const auto at = stages_.find(stage);
  return at == stages_.end() ? FrontierCount() : at->second.count;
}

}  // namespace leat::pipelines
