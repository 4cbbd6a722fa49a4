#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/error.hpp"
#include "engine/io/file_writer.hpp"
#include "pipelines/state/sqlite_db.hpp"

namespace leat::pipelines {

/// Which version of a URL the file is that was saved of it, for `--if-changed` where files can't say it
/// themselves: an ETag, and the size and time by which to tell whether the file is still that one. Stays from
/// one pass over the list to the next. One thread at a time.
class VersionTable {
 public:
  static Result<VersionTable> open(SqliteDb& db);

  /// By the hash of its URL.
  Status keep(std::uint64_t url, const io::FileVersion& version);
  Result<std::optional<io::FileVersion>> find(std::uint64_t url);

 private:
  SqliteStatement keep_;
  SqliteStatement find_;
};

}  // namespace leat::pipelines
