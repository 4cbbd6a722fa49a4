#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <string_view>

#include "engine/async/intrusive_list.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/http/gate/host_gate.hpp"
#include "engine/http/gate/host_health.hpp"
#include "engine/http/gate/host_parts.hpp"
#include "engine/http/gate/rate.hpp"
#include "engine/http/gate/retry_budget.hpp"

namespace leat::http {

/// One origin of a HostGate: what runs there, who waits, and what is known about it. For HostGate alone.
struct HostGate::Host final : async::ListNode<TurnTag>, private async::Timer {
  Host(HostGate& g, bool is_behind_proxy)
      : gate(g), proxied(is_behind_proxy), health(g.options_.host_down), rate(g.options_.per_host_rate) {
    if (const std::size_t count = g.options_.parts; count > 1) parts = std::make_unique<Part[]>(count);
  }

  [[nodiscard]] bool idle(async::TimePoint now) const noexcept {
    const bool told = failed_in_a_row > 0 || given_up || health.state() != HostHealth::State::well;
    return running == 0 && waiting == 0 && parked_until <= now && rate.due() <= now && !told;
  }
  void call_at(async::TimePoint time) { gate.loop_.arm(*this, time); }
  void on_timer() noexcept override {
    gate.place(*this);
    gate.dispatch();
  }

  /// The timer that says when to look how far the transfers at an unproven origin have come.
  struct Look final : async::Timer {
    explicit Look(Host& h) noexcept : host(h) {}
    void on_timer() noexcept override { host.gate.look_at_unproven(host); }
    Host& host;
  };
  /// The timer that says when a doubtful origin may have to be given up.
  struct Down final : async::Timer {
    explicit Down(Host& h) noexcept : host(h) {}
    void on_timer() noexcept override {
      if (host.health.give_up_if_due(host.gate.loop_.now())) {
        host.gate.give_up(host);
        host.gate.tell_change(host);
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

  /// Gives the waiter whose record makes the next attempt. There must be one.
  Enter& next() noexcept {
    if (health.state() != HostHealth::State::doubtful) return queue.front();
    Enter* best = &queue.front();
    queue.for_each([&](Enter& waiter) {
      if (waiter.tries_ < best->tries_ || (from_back && waiter.tries_ == best->tries_)) best = &waiter;
    });
    from_back = !from_back;
    return *best;
  }

  /// A part of the origin: how much of its share of the cap is in use, and who waits for that.
  struct Part {
    std::size_t in_use = 0;
    async::IntrusiveList<Enter, async::ReadyTag> queue;
  };
  /// Says whether one more of that part may join those who run or wait for the origin; if so, it counts.
  bool take_share(std::uint8_t number) noexcept {
    if (!parts) return true;
    const auto& options = gate.options_;
    Part& part = parts[number];
    if (part.in_use >= cap_of_part(options.per_host, options.parts, number)) return false;
    ++part.in_use;
    return true;
  }
  /// One of that part has left. Who has waited longest for that joins those who wait for the origin.
  void give_share(std::uint8_t number) noexcept {
    if (!parts) return;
    Part& part = parts[number];
    --part.in_use;
    if (part.queue.empty() || !take_share(number)) return;
    Enter& waiter = part.queue.pop_front();
    waiter.has_share_ = true;
    queue.push_back(waiter);
  }

  HostGate& gate;
  std::string_view origin;  // its key in hosts_
  const bool proxied;
  async::IntrusiveList<Enter, async::ReadyTag> queue;
  std::unique_ptr<Part[]> parts;  // null if there are none
  std::size_t running = 0;
  std::size_t uncounted = 0;  // how many of these hold no slot
  std::size_t waiting = 0;
  TransferProgress progress;  // of what has run since the host was last taken to be unproven
  HostHealth health;
  Look look{*this};
  async::TimePoint looked_from{};  // since when somebody has run there while it was unproven
  Down down{*this};
  async::TimePoint parked_until{};
  Rate rate;
  RetryBudget retries;
  std::size_t failed_in_a_row = 0;  // records in a row; counted only with host_errors
  bool given_up = false;
  bool from_back = false;                     // says where the next probe's record comes from
  std::unique_ptr<const Error> last_failure;  // null if there was none
};

/// The origins that could start something now, ordered by how many transfers they run.
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
  /// There must be one.
  Host& pop() noexcept { return lists_[lowest_].pop_front(); }

 private:
  static constexpr std::size_t kMost = 64;  // hosts that run more are treated alike

  std::deque<async::IntrusiveList<Host, TurnTag>> lists_;
  std::size_t lowest_ = 0;  // all lists below are empty
};

}  // namespace leat::http
