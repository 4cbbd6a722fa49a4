#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/error.hpp"
#include "pipelines/state/journal.hpp"
#include "pipelines/state/sqlite/sqlite_db.hpp"

namespace leat::pipelines {

/// How far files of results hold the lines of work that has ended; see Journal::wrote. The row of the path ""
/// says that this is known of all files, and whether the run that wrote them has come to its end. A journal
/// that was begun without that row has none later either. One thread at a time.
class OutputTable {
 public:
  /// Makes the table that of a journal of which nothing is done, so that the files are to be empty. It
  /// belongs into the transaction that makes the journal such a one: a run may be killed right behind that.
  static constexpr const char* kNothingWritten = "DELETE FROM outputs; INSERT INTO outputs VALUES('', 1);";

  /// `is_new`: this run is the first one.
  static Result<OutputTable> open(SqliteDb& db, bool is_new);

  /// What was there when the table was opened, if the run before was killed; once.
  [[nodiscard]] std::optional<OutputEnds> take();
  Status keep(const OutputEnds& ends);
  Status end_run();

 private:
  explicit OutputTable(SqliteDb& db) noexcept : db_(&db) {}
  Status read();

  SqliteDb* db_;
  OutputEnds known_;
  bool is_kept_ = false;     // the row of "" is there
  bool was_killed_ = false;  // and the run before has not come to its end
  SqliteStatement keep_;
};

}  // namespace leat::pipelines
