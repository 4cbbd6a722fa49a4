#include "pipelines/state/journal.hpp"

#include <functional>
#include <string_view>

#include "pipelines/state/sqlite/journal_file.hpp"

namespace leat::pipelines {

namespace {

Status each_row(SqliteDb& db, std::string_view sql, std::int64_t parameter,
                const std::function<void(const SqliteStatement&)>& row) {
  auto rows = db.prepare(sql);
  if (!rows.ok()) return std::move(rows.error());
  if (parameter >= 0) rows->bind(1, parameter);
  for (;;) {
    auto more = rows->step();
    if (!more.ok()) return std::move(more.error());
    if (!*more) return std::nullopt;
    row(*rows);
  }
}

struct Part {
  std::string_view sql;
  std::int64_t parameter;  // of the statement; -1: it has none
  void (*take)(JournalStatus& status, const SqliteStatement& row);
};

void take_outcome(JournalStatus& status, const SqliteStatement& row) {
  const std::uint64_t outcome = row.key(0);
  if (outcome < kOutcomes) status.outcomes[outcome] = row.key(1);
}

void take_host(JournalStatus& status, const SqliteStatement& row) {
  JournalStatus::Host& host = status.hosts.emplace_back();
  host.name = row.text(0);
  host.ended = row.key(1);
  host.failed = row.key(2);
}

}  // namespace

Result<JournalStatus> read_journal_status(const std::string& path, std::size_t hosts) {
  auto view = view_journal_file(path);
  if (!view.ok()) return std::move(view.error());
  JournalStatus status;
  status.in_use = view->in_use;
  const Part parts[] = {
      {"SELECT name, value FROM config ORDER BY name", -1,
       [](JournalStatus& s, const SqliteStatement& row) { s.config.emplace_back(row.text(0), row.text(1)); }},
      {"SELECT outcome, sum(n) FROM counts GROUP BY outcome", -1, take_outcome},
      {"SELECT code, sum(n) FROM counts WHERE outcome = ? GROUP BY code HAVING sum(n) > 0 ORDER BY 2 DESC, 1",
       static_cast<std::int64_t>(Outcome::failed),
       [](JournalStatus& s, const SqliteStatement& row) { s.errors.emplace_back(row.text(0), row.key(1)); }},
      {"SELECT host, sum(n), sum(n * (outcome = 1)) FROM counts GROUP BY host ORDER BY 3 DESC, 2 DESC, 1 "
       "LIMIT ?",
       static_cast<std::int64_t>(hosts), take_host},
      {"SELECT count(DISTINCT host) FROM counts", -1,
       [](JournalStatus& s, const SqliteStatement& row) { s.hosts_in_all = row.key(0); }},
      {"SELECT count(*) - sum(done), sum(done) FROM frontier", -1,
       [](JournalStatus& s, const SqliteStatement& row) {
         s.frontier_live = row.key(0);
         s.frontier_done = row.key(1);
       }},
  };
  static_assert(static_cast<int>(Outcome::failed) == 1, "as the statement of hosts has it");
  if (auto failed = view->db.execute("BEGIN")) return std::move(*failed);  // one moment for all of them
  for (const Part& part : parts) {
    const auto take = [&](const SqliteStatement& row) { part.take(status, row); };
    if (auto failed = each_row(view->db, part.sql, part.parameter, take)) return std::move(*failed);
  }
  return status;
}

}  // namespace leat::pipelines
