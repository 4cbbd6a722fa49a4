#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "pipelines/state/journal.hpp"
#include "pipelines/state/sqlite/sqlite_db.hpp"

namespace leat::pipelines {

/// A journal on disk, made or checked, and held so that no second process uses it.
///
/// A new file comes to its name whole, and only its owner may read it (mode 0600). A file that exists is
/// looked at before anything may write to it. It is refused with file_error, and left as it was, byte for
/// byte, if it is no regular file, empty, zeroed, cut short, no SQLite file, another program's, another
/// version's, damaged, of another configuration, or in use by another process. Each message says what to
/// do. A file that was not closed, as kill -9 leaves it, is fine.
///
/// The lock is one of an open file description (F_OFD_SETLK) on byte 0, away from SQLite's own locks. It
/// goes with the process, however that ends.
///
/// The journal keeps what the last pass over a list has done until `again` asks for another pass. If the
/// last one ended whole, the transaction that opens the journal then forgets all of it except the versions
/// of files.
///
/// Without `durable` (synchronous=NORMAL over a write-ahead log) all that is committed survives the end of
/// the process, kill -9 included, since the kernel has it. A power cut may lose the last commits, but never
/// makes the journal inconsistent. With `durable` a power cut loses nothing that was committed either.
struct JournalFile {
  JournalFile() = default;

  io::Fd lock;
  SqliteDb db;          // closed before the lock goes
  bool is_new = false;  // nothing has been done of the list: it was made now, or emptied
};

Result<JournalFile> open_journal_file(const JournalFileOptions& options);

/// A journal with the same tables that nobody else sees, for data that memory must not hold; see
/// SqliteDb::temporary.
Result<JournalFile> temporary_journal_file();

/// A journal that is opened only to be looked at, while another process may be writing it.
struct JournalView {
  JournalView() = default;

  SqliteDb db;
  bool in_use = false;  // a run holds it now
};

/// Refuses as open_journal_file does, except that configuration and lock do not matter.
Result<JournalView> view_journal_file(const std::string& path);

}  // namespace leat::pipelines
