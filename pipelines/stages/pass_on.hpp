#pragma once

#include <utility>

#include "engine/async/as_completed.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/task_state.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// Sends records on as they complete, until there are no more or nobody wants them. However it ends, what
/// still ran is cancelled and gone.
template <class In>
async::Task<void> pass_on(async::AsCompleted<In, RecordPtr>& results, RecordSender out) {
  bool cancelled = false;
  try {
    for (;;) {
      auto waiting = results.next();
      auto done = co_await std::move(waiting);
      if (!done) break;
      const bool wanted = co_await out.send(done->take());
      if (!wanted) break;
    }
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  {
    const async::CancelShield shield;
    auto ending = results.stop();
    co_await std::move(ending);
  }
  if (cancelled) throw async::Cancelled{};
}

}  // namespace leat::pipelines
