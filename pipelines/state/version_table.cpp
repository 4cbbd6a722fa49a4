#include "pipelines/state/version_table.hpp"

#include <array>
#include <ctime>

namespace leat::pipelines {

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
