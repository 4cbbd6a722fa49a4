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
/// A file that is made comes to stand under its name whole, for its owner's eyes only (mode 0600). A file
/// that exists is looked at before anything may write to it; refused with file_error, and left byte for byte
/// as it was: no regular file, empty, zeroed, cut short, no SQLite file, another program's, another
/// version's, damaged, of another configuration, in use by another process. Each message says what to do. A
/// file that wasn't closed, as kill -9 leaves it, is fine.
///
/// The lock is an open file description's (F_OFD_SETLK) on byte 0, away from SQLite's own; it goes with the
/// process, however that ends.
///
/// What a list's last pass has done is in it until `again` asks for another pass, and that one ended whole:
/// then all is forgotten but the versions of files, in the transaction that opens it.
///
/// Without `durable` (synchronous=NORMAL over a write-ahead log) what is committed survives the end of the
/// process, kill -9 included, since the kernel has it; a power cut may lose the last commits, never the
/// journal's consistency. With it a power cut loses nothing that was committed either.
struct JournalFile {
  JournalFile() = default;

  io::Fd lock;
  SqliteDb db;          // closed before the lock goes
  bool is_new = false;  // nothing has been done of the list: it was made now, or emptied
};

Result<JournalFile> open_journal_file(const JournalFileOptions& options);

/// A journal of the same tables that nobody else sees, for what memory must not hold; see
/// SqliteDb::temporary.
Result<JournalFile> temporary_journal_file();

/// A journal opened to look at, while another process may be writing it.
struct JournalView {
  JournalView() = default;

  SqliteDb db;
  bool in_use = false;  // a run holds it now
};

/// Refuses as open_journal_file does, but for the configuration and the lock.
Result<JournalView> view_journal_file(const std::string& path);

}  // namespace leat::pipelines
