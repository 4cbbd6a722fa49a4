#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/error.hpp"
#include "engine/io/file_writer.hpp"
#include "pipelines/state/journal.hpp"
#include "pipelines/state/sqlite/sqlite_db.hpp"

namespace leat::pipelines {

/// What stages with a memory keep in a journal, such as the keys that `dedupe` has seen. Stages are told
/// apart by a number, their place in the plan. One thread at a time.
///
/// What `keep` keeps is read when the table is opened. What `keep_first` keeps, under the stage's negative
/// number, is asked for key by key.
class MemoryTable {
 public:
  static Result<MemoryTable> open(SqliteDb& db);

  /// All that was there when the table was opened; once.
  [[nodiscard]] std::vector<Remembered> take(int stage);
  Status keep(int stage, std::uint64_t key, std::uint64_t value);
  /// Of each key the record that is the first: the one given, if no other was kept before.
  Result<std::vector<std::uint64_t>> keep_first(int stage, const std::vector<FirstOf>& keys);

 private:
  explicit MemoryTable(SqliteDb& db) noexcept : db_(&db) {}

  SqliteDb* db_;
  std::map<int, std::vector<Remembered>> known_;
  SqliteStatement keep_;
  SqliteStatement find_;
};

/// Which version of a URL was saved in its file, for `--if-changed` on file systems where files can't say
/// so themselves: an ETag, with the size and the time that tell whether the file is still the same. It
/// stays from one pass over the list to the next. One thread at a time.
class VersionTable {
 public:
  static Result<VersionTable> open(SqliteDb& db);

  /// `url` is a hash of the URL.
  Status keep(std::uint64_t url, const io::FileVersion& version);
  Result<std::optional<io::FileVersion>> find(std::uint64_t url);

 private:
  SqliteStatement keep_;
  SqliteStatement find_;
};

}  // namespace leat::pipelines
