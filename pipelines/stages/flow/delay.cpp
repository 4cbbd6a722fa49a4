#include "pipelines/stages/flow/delay.hpp"

#include <utility>

#include "engine/async/beside.hpp"
#include "engine/async/event_loop.hpp"
#include "pipelines/flow/pause.hpp"
#include "pipelines/flow/time_limits.hpp"

namespace leat::pipelines {

async::Task<Status> Delay::run(RecordReceiver in, RecordSender out) {
  auto [sender, receiver] = make_channel<Held>(kHeld);
  return async::beside(pass_on(std::move(receiver), std::move(out)),
                       collect(std::move(in), std::move(sender)), "delay.collect");
}

async::Task<Status> Delay::pass_on(Receiver<Held> receiver, RecordSender out) const {
  auto& loop = async::EventLoop::current();
  for (;;) {
    auto held = co_await receiver.next();
    if (!held) co_return std::nullopt;
    auto pausing = pause(context_, held->due - loop.now());
    co_await std::move(pausing);
    if (is_too_long() && held->due <= loop.now() && !held->record->failed()) {
      held->record->fail(late_error(timeout_), "delay");
    }
    const bool wanted = co_await out.send(std::move(held->record));
    if (!wanted) co_return std::nullopt;
  }
}

async::Task<void> Delay::collect(RecordReceiver in, Sender<Held> held) const {
  auto& loop = async::EventLoop::current();
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return;
    const bool is_now = (*record)->failed() || context_.player != nullptr;
    const auto due = is_now ? loop.now() : loop.now() + (is_too_long() ? timeout_ : time_);
    Held next(std::move(*record), due);
    const bool wanted = co_await held.send(std::move(next));
    if (!wanted) co_return;
  }
}

}  // namespace leat::pipelines
