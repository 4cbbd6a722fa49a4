#pragma once

#include <string_view>

#include "engine/http/gate/host_gate.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// Gives up an origin once so many of its records have failed in a row, by its server's fault: errors of the
/// network, 429 and 5xx. Any other answer starts the count again. Says what becomes of the records of an
/// origin that is given up, by this or by the gate's HostHealth. Loop thread only.
class HostBreaker {
 public:
  /// `limit` 0: gives up none. Both outlive it.
  HostBreaker(http::HostGate& gate, RunContext& context, std::size_t limit, async::Duration down) noexcept
      : gate_(gate), context_(context), limit_(limit), down_(down) {}

  /// A record has ended at that origin, well or ill.
  void settle(std::string_view origin, const Record& record);
  /// One that was not tried, since its origin is given up, ends so: as skipped, or as host_down.
  void end_untried(Record& record, std::string_view origin, const char* stage);

 private:
  http::HostGate& gate_;
  RunContext& context_;
  std::size_t limit_;
  async::Duration down_;
};

}  // namespace leat::pipelines
