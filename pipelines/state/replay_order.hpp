#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event.hpp"
#include "engine/async/task.hpp"
#include "engine/async/timer_queue.hpp"

namespace leat::pipelines {

/// Lets replayed exchanges end in the order in which the recorded ones did, one at a time, so that what
/// stands behind sees the same.
///
/// Who comes early waits for those before it. Some of them may never be asked for: once nothing has moved
/// for a while, the first of those who wait goes on; the while is half a second at first and a quarter of
/// that each further time, down to a millisecond. An exchange that isn't in the recording comes after all
/// that are.
///
/// Loop thread only. Outlives its turns. Who is cancelled leaves without a trace.
class ReplayOrder final : private async::Timer {
 public:
  class Turn;

  /// `order`: what ExchangeStore::order said.
  explicit ReplayOrder(const std::vector<std::string>& order);

  /// The turn of that exchange ("NAME.2"), once everything else has come to rest.
  async::Task<Turn> turn(std::string exchange);

 private:
  struct Waiting;

  void on_timer() noexcept override;
  void advance();
  void let_first_go();

  std::unordered_map<std::uint64_t, std::uint64_t> places_;  // by the hash of its name
  std::uint64_t next_ = 0;                                   // everything before has ended, or is given up
  std::multimap<std::uint64_t, Waiting*> waiting_;
  async::Duration patience_;
  bool is_taken_ = false;
  bool has_begun_ = false;
};

/// Whoever holds it is the one to go on.
class ReplayOrder::Turn {
 public:
  Turn() noexcept = default;
  explicit Turn(ReplayOrder& order) noexcept : order_(&order) {}
  Turn(Turn&& other) noexcept : order_(std::exchange(other.order_, nullptr)) {}
  Turn& operator=(Turn&& other) noexcept {
    std::swap(order_, other.order_);
    return *this;
  }
  ~Turn() {
    if (order_ == nullptr) return;
    order_->is_taken_ = false;
    order_->advance();
  }

 private:
  ReplayOrder* order_ = nullptr;
};

}  // namespace leat::pipelines
