#pragma once

#include <cstddef>
#include <cstdint>

namespace leat::pipelines {

/// What a stage is, as far as it matters for what may hold it up.
enum class StageRole : std::uint8_t {
  source,
  work,   // on one record after the other, as fast as it can
  gate,   // transfers: slots, rates, hosts
  pool,   // several records at once, in slots
  rate,   // a pace of its own
  libjq,  // programs that are evaluated elsewhere
  sink,
};

/// How busy a stage is at one moment.
struct StageLoad {
  StageLoad() = default;
  explicit StageLoad(StageRole r) noexcept : role(r) {}

  StageRole role = StageRole::work;
  std::size_t busy = 0;      // slots in use
  std::size_t slots = 0;     // 0: it has none
  std::size_t backlog = 0;   // records inside that wait
  std::size_t at_hosts = 0;  // of these, for their host: it is parked, at its cap or at its rate
  std::uint64_t failed = 0;  // records that failed here and were counted nowhere else
  bool rate_holds = false;   // a slot is free, but no start is due
  bool no_room = false;      // the reader of an output is behind
};

}  // namespace leat::pipelines
