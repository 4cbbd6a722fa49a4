#include "engine/load/load_thread.hpp"

#include <sys/prctl.h>

#include <utility>

#include "engine/async/blocked_signals.hpp"

namespace leat::load {

LoadThread::LoadThread(async::EventLoop& home, const LoadPlan& plan, DriverPart part, Told told)
    : home_(home), plan_(plan), part_(std::move(part)), told_(std::move(told)) {
  part_.slices = [this](Slice slice) {
    auto shared = std::make_shared<Slice>(std::move(slice));
    home_.post([this, shared] { told_.slice(part_.thread, std::move(*shared)); });
  };
  const async::BlockedSignals blocked;
  thread_ = std::thread([this] {
    prctl(PR_SET_TIMERSLACK, 1UL);  // the usual 50 us would count as lag
    loop_.run(live());
  });
}

LoadThread::~LoadThread() {
  stop();
  stop();
  start({});
  thread_.join();
}

void LoadThread::start(async::TimePoint start) {
  loop_.post([this, start] {
    if (may_start_.is_set()) return;
    start_ = start;
    may_start_.set();
  });
}

void LoadThread::stop() {
  loop_.post([this] {
    ++stops_;
    if (driver_ != nullptr) driver_->stop();
  });
}

void LoadThread::stand_still(std::shared_ptr<Hold> hold) {
  loop_.post([hold = std::move(hold)] { hold->stay(); });
}

async::Task<void> LoadThread::live() {
  const auto make = plan_.full ? make_full_driver : plan_.http2 ? make_http2_driver : make_fast_driver;
  const auto driver = make(loop_, plan_, part_);
  driver_ = driver.get();
  for (int i = 0; i < stops_; ++i) driver->stop();
  auto preparing = driver->prepare();
  co_await std::move(preparing);
  home_.post(told_.prepared);
  co_await may_start_.wait();
  auto running = driver->run(start_);
  auto measured = co_await std::move(running);
  auto result = std::make_shared<LoadResult>(std::move(measured));
  driver_ = nullptr;
  home_.post([this, result] { told_.ended(std::move(*result)); });
}

}  // namespace leat::load
