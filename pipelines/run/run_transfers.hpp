#pragma once

#include <vector>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/run/run.hpp"

namespace leat::pipelines {

/// Fills in what the stats say of transfers and of those that wait for one.
void look_at_transfers(RunStats& stats, const RunContext& context);

/// Every origin that something runs to or waits for, those that are parked, and those that are doubtful; or
/// the last alone.
[[nodiscard]] std::vector<HostInfo> look_at_hosts(const RunContext& context, bool only_doubtful);

/// At the end of a run: writes its cookie jar to the files that the plan's fetches name. The first error.
[[nodiscard]] Status save_cookies(const Plan& plan, const RunContext& context);

/// Says of each list of sums that was of no use that none of its names was that of a body.
void note_unmatched_sums(const RunContext& context);

}  // namespace leat::pipelines
