#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>

#include "engine/async/intrusive_list.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/http/gate/host_gate.hpp"
#include "engine/http/gate/host_health.hpp"
#include "engine/http/gate/rate.hpp"
#include "engine/http/gate/retry_budget.hpp"

namespace leat::http {

/// One origin of a HostGate: who runs there, who waits, and what is known of it. For HostGate alone.
struct HostGate::Host final : async::ListNode<TurnTag>, private async::Timer {
  Host(HostGate& g, std::string o, bool is_behind_proxy)
      : gate(g),
        origin(std::move(o)),
        proxied(is_behind_proxy),
        health(g.options_.host_down),
        rate(g.options_.per_host_rate) {}

  [[nodiscard]] bool idle(async::TimePoint now) const noexcept {
    const bool told = failed_in_a_row > 0 || given_up || health.state() != HostHealth::State::well;
    return running == 0 && waiting == 0 && parked_until <= now && rate.due() <= now && !told;
  }
  void call_at(async::TimePoint time) { gate.loop_.arm(*this, time); }
  void on_timer() noexcept override {
    gate.place(*this);
    gate.dispatch();
  }

  /// When to look how far what runs at an origin that is unproven has come.
  struct Look final : async::Timer {
    explicit Look(Host& h) noexcept : host(h) {}
    void on_timer() noexcept override { host.gate.look_at_unproven(host); }
    Host& host;
  };
  /// When an origin that is doubtful may have to be given up.
  struct Down final : async::Timer {
    explicit Down(Host& h) noexcept : host(h) {}
    void on_timer() noexcept override {
      if (host.health.give_up_if_due(host.gate.loop_.now())) {
        host.gate.give_up(host);
      } else {
        arm();
      }
    }
    void arm() {
      const async::TimePoint due = host.health.down_at();
      if (due != async::TimePoint::max()) host.gate.loop_.arm(*this, due);
    }
    Host& host;
  };

  /// Whose record makes the next attempt. Only if somebody waits.
  Enter& next() noexcept {
    if (health.state() != HostHealth::State::doubtful) return queue.front();
    Enter* best = &queue.front();
    queue.for_each([&](Enter& waiter) {
      if (waiter.tries_ < best->tries_ || (from_back && waiter.tries_ == best->tries_)) best = &waiter;
    });
    from_back = !from_back;
    return *best;
  }

  HostGate& gate;
  const std::string origin;
  const bool proxied;
  async::IntrusiveList<Enter, async::ReadyTag> queue;
  std::size_t running = 0;
  std::size_t uncounted = 0;  // of these: they hold no slot
  std::size_t waiting = 0;
  TransferProgress progress;  // of those that run, since it was taken to be unproven
  HostHealth health;
  Look look{*this};
  async::TimePoint looked_from{};  // since when somebody has run there, unproven
  Down down{*this};
  async::TimePoint parked_until{};
  Rate rate;
  RetryBudget retries;
  std::size_t failed_in_a_row = 0;  // records, where that counts
  bool given_up = false;
  bool from_back = false;  // the next probe's record
  Error last_failure;
};

/// The origins that could start something now, by how much they run.
class HostGate::Turns {
 public:
  void add(Host& host) {
    const std::size_t at = std::min(host.running, kMost);
    while (lists_.size() <= at) lists_.emplace_back();
    lists_[at].push_back(host);
    lowest_ = std::min(lowest_, at);
  }
  [[nodiscard]] bool empty() noexcept {
    while (lowest_ < lists_.size() && lists_[lowest_].empty()) ++lowest_;
    return lowest_ == lists_.size();
  }
  /// Must not be called if it is empty.
  Host& pop() noexcept { return lists_[lowest_].pop_front(); }

 private:
  static constexpr std::size_t kMost = 64;  // those that run more are not told apart

  std::deque<async::IntrusiveList<Host, TurnTag>> lists_;
  std::size_t lowest_ = 0;  // there is nothing below
};

}  // namespace leat::http
