#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/state/sqlite_db.hpp"

namespace leat::pipelines {

/// Something that a stage has to know of the runs before.
struct Remembered {
  std::uint64_t key = 0;
  std::uint64_t value = 0;
  bool is_done = false;  // `value` is a record of the source that is done
};

/// What stages with a memory keep in a journal, such as the keys that `dedupe` has seen; stages are told
/// apart by a number, their place in the plan. One thread at a time.
class MemoryTable {
 public:
  static Result<MemoryTable> open(SqliteDb& db);

  /// All that was there when the table was opened; once.
  [[nodiscard]] std::vector<Remembered> take(int stage);
  Status keep(int stage, std::uint64_t key, std::uint64_t value);

 private:
  std::map<int, std::vector<Remembered>> known_;
  SqliteStatement keep_;
};

}  // namespace leat::pipelines
