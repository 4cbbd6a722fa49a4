#pragma once

#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/wait_for.hpp"
#include "pipelines/flow/run_context.hpp"

namespace leat::pipelines {

/// Until the run is to end.
inline async::Task<void> until_ending(RunContext& context) { co_await context.ending.wait(); }

/// Sleeps, but not beyond the time when the run is to end: a record that was only to wait goes on then.
inline async::Task<void> pause(RunContext& context, async::Duration time) {
  if (time.count() <= 0 || context.stopping) co_return;
  try {
    auto waiting = async::wait_for(until_ending(context), time);
    co_await std::move(waiting);
  } catch (const async::TimeoutError&) {
  }
}

}  // namespace leat::pipelines
