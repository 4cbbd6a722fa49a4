#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

enum class StageState : std::uint8_t {
  idle,     // waits for records
  busy,     //
  blocked,  // the next stage has no room
  ended,
};

/// Why a stage passes on no more than it does.
enum class Bound : std::uint8_t { work, slots, rate, host, libjq, reader, input };

/// One stage of a run at one moment: a row of its progress. Stages that share a task share a row.
struct StageInfo {
  std::string name;          // "fetch+save"; of a block "fetch.on-error/write"
  std::uint64_t in = 0;      // records that it has taken
  std::uint64_t out = 0;     // and passed on, or, at an end, dealt with
  std::uint64_t failed = 0;  // that failed here
  std::size_t queue = 0;     // records before it
  std::size_t capacity = 0;  // 0: a source
  bool next_full = false;    // the queue behind it
  StageState state = StageState::idle;
  std::string awaits;  // its task, as introspection names it; empty: nothing
  StageLoad load;
  std::optional<Bound> limit;  // it limits the others, for that reason
};

/// The stage that sets the pace of all, and why.
struct Limit {
  std::size_t stage = 0;  // its index
  Bound why = Bound::work;
};

/// The last stage that is behind while the next one isn't; where none is, the source, since it brings too
/// little, or, once that has ended, the stage with most left to do. Nothing when all has ended. Blocks come
/// after the stages that they belong to.
[[nodiscard]] std::optional<Limit> find_limit(std::span<const StageInfo> stages) noexcept;

/// "slots", "rate", …
[[nodiscard]] std::string_view to_string(Bound bound) noexcept;
/// "idle", "busy", …
[[nodiscard]] std::string_view to_string(StageState state) noexcept;

}  // namespace leat::pipelines
