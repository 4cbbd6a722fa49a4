#include "engine/load/hold.hpp"

#include <chrono>

#include "engine/async/left_out_time.hpp"

namespace leat::load {

namespace {

constexpr std::chrono::milliseconds kLongest{1000};

}  // namespace

void Hold::stay() {
  const auto began = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  if (ended_) return;
  ++staying_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return ended_; });
  async::left_out_time.add_since(began);
}

void Hold::wait_for(std::size_t threads) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kLongest, [this, threads] { return staying_ >= threads; });
}

void Hold::end() noexcept {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

}  // namespace leat::load
