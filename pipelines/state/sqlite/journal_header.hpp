#pragma once

#include <cstdint>
#include <string>

#include "engine/error.hpp"

namespace leat::pipelines {

inline constexpr std::uint32_t kJournalApplication = 0x6c656174;  // "leat", SQLite's application_id
inline constexpr std::uint32_t kJournalVersion = 2;               // of the tables, SQLite's user_version

/// "cannot use the journal 'PATH': REASON", with code file_error.
[[nodiscard]] Error journal_refusal(const std::string& path, const std::string& reason);

/// What the first 100 bytes of a journal and its size say. leat reads them itself, since SQLite would take
/// an empty file for a new database, and could write to the file that it opens.
struct JournalHeader {
  bool complete = true;  // the file holds all pages it says it has
};

/// See JournalFile for what is refused. `descriptor` is open for reading. Source: SQLite's "Database File
/// Format", 1.3 The Database Header.
Result<JournalHeader> read_journal_header(int descriptor, const std::string& path);

}  // namespace leat::pipelines
