#include "engine/load/pacer.hpp"

namespace leat::load {

/// A place among the waiters, for as long as it lives.
class Pacer::Wait {
 public:
  Wait(Waits& waits, async::TimePoint time) : waits_(waits), place_(waits.emplace(time, &due)) {}
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait() {
    if (!due.is_set()) waits_.erase(place_);
  }

  async::Event due;

 private:
  Waits& waits_;
  Waits::iterator place_;
};

Pacer::Pacer(async::EventLoop& loop) : loop_(loop), poller_(loop, *this) {}

async::Task<void> Pacer::wait_until(async::TimePoint time) {
  Wait wait(waits_, time);
  wake(loop_.now());
  co_await wait.due.wait();
}

void Pacer::on_turn(async::TimePoint began) noexcept {
  while (!waits_.empty() && waits_.begin()->first <= began) {
    async::Event* const due = waits_.begin()->second;
    last_ = waits_.begin()->first;
    waits_.erase(waits_.begin());
    due->set();
  }
  wake(began);
}

void Pacer::wake(async::TimePoint now) noexcept {
  if (waits_.empty()) return;
  const async::TimePoint next = waits_.begin()->first;
  poller_.wake_exactly_at(next, now, next - last_);
}

}  // namespace leat::load
