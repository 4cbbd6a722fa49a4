#pragma once

#include <type_traits>
#include <utility>
#include <vector>

#include "engine/async/as_completed.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/task_state.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Sends a list of records; false if nobody wants them any more.
inline async::Task<bool> send_all(RecordSender& out, std::vector<RecordPtr> records) {
  for (auto& record : records) {
    const bool wanted = co_await out.send(std::move(record));
    if (!wanted) co_return false;
  }
  co_return true;
}

/// Sends records, or lists of records, on as they complete, until there are no more or nobody wants them.
/// However it ends, what still ran is cancelled and gone, and so is `in`, from which the results are made:
/// what comes before hears of it. `taken` is called after each.
template <class In, class Out, class Fn>
async::Task<void> pass_on(async::AsCompleted<In, Out>& results, RecordReceiver& in, RecordSender out,
                          Fn taken) {
  bool cancelled = false;
  try {
    for (;;) {
      auto waiting = results.next();
      auto done = co_await std::move(waiting);
      if (!done) break;
      if constexpr (std::is_same_v<Out, RecordPtr>) {
        const bool wanted = co_await out.send(done->take());
        if (!wanted) break;
      } else {
        auto sending = send_all(out, done->take());
        const bool wanted = co_await std::move(sending);
        if (!wanted) break;
      }
      taken();
    }
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  {
    const async::CancelShield shield;
    auto ending = results.stop();
    co_await std::move(ending);
  }
  in = RecordReceiver();
  if (cancelled) throw async::Cancelled{};
}

template <class In, class Out>
async::Task<void> pass_on(async::AsCompleted<In, Out>& results, RecordReceiver& in, RecordSender out) {
  return pass_on(results, in, std::move(out), [] {});
}

}  // namespace leat::pipelines
