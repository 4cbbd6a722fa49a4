#include "pipelines/state/sqlite/output_table.hpp"

#include <array>
#include <utility>

namespace leat::pipelines {

namespace {

constexpr std::int64_t kUnderWay = 1;  // in the row of "": a run writes, or was killed
constexpr const char* kBegin = "INSERT OR REPLACE INTO outputs VALUES('', 1)";
constexpr const char* kEnd = "INSERT OR REPLACE INTO outputs VALUES('', 2)";

}  // namespace

Result<OutputTable> OutputTable::open(SqliteDb& db, bool is_new) {
  OutputTable table(db);
  if (auto failed = table.read()) return std::move(*failed);
  if (is_new) table.was_killed_ = false;
  if (table.is_kept_) {
    if (auto failed = db.execute(kBegin)) return std::move(*failed);
  }
  // Stages that write to one file may tell of its lines in another order.
  auto failed =
      prepare_all(db, std::array{SqlOf{table.keep_,
                                       "INSERT INTO outputs VALUES(?, ?) ON CONFLICT(path) DO UPDATE SET "
                                       "size = max(size, excluded.size)"}});
  if (failed) return std::move(*failed);
  return table;
}

Status OutputTable::read() {
  auto rows = db_->prepare("SELECT path, size FROM outputs");
  if (!rows.ok()) return std::move(rows.error());
  for (;;) {
    auto row = rows->step();
    if (!row.ok()) return std::move(row.error());
    if (!*row) return std::nullopt;
    std::string path(rows->text(0));
    if (path.empty()) {
      is_kept_ = true;
      was_killed_ = rows->number(1) == kUnderWay;
    } else {
      known_.emplace(std::move(path), rows->key(1));
    }
  }
}

std::optional<OutputEnds> OutputTable::take() {
  if (!was_killed_) return std::nullopt;
  return std::exchange(known_, {});
}

Status OutputTable::keep(const OutputEnds& ends) {
  if (!is_kept_) return std::nullopt;
  for (const auto& [path, end] : ends) {
    if (auto failed = keep_.bind(1, path).bind_key(2, end).run()) return failed;
  }
  return std::nullopt;
}

Status OutputTable::end_run() { return is_kept_ ? db_->execute(kEnd) : std::nullopt; }

}  // namespace leat::pipelines
