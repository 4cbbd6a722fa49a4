#include "engine/load/fast_driver.hpp"

#include <algorithm>
#include <utility>

#include "engine/load/plan_connections.hpp"

namespace leat::load {

namespace {

using async::Duration;
using async::TimePoint;
using namespace std::chrono_literals;

constexpr int kReceives = 16;                // bytes from one connection in a row
constexpr Duration kFirstDrain{1s};          // longer if what was measured takes longer
constexpr Duration kFirstPause{1ms};         // the pause after a connection that was not made
constexpr std::uint32_t kMostDoublings = 2;  // a run by count goes on at a moderate pace

// How often time-outs are looked for; each is found late by at most that time.
Duration scan_period(const LoadPlan& plan) { return std::clamp<Duration>(plan.timeout / 100, 1ms, 50ms); }

}  // namespace

FastDriver::FastDriver(async::EventLoop& loop, const LoadPlan& plan, DriverPart part)
    : loop_(loop),
      plan_(plan),
      book_(plan, part.thread, part.threads),
      recorder_(plan, part.thread, part.slices, part.samples),
      turns_(plan, part),
      connector_(loop, connector_options(plan, part)),
      slots_(part.slots),
      first_slot_(part.first_slot),
      received_(loop, is_open()),
      poller_(loop, *this) {
  for (Slot& slot : slots_) {
    slot.lines.resize(book_.origins().size());
    for (std::size_t i = 0; i < slot.lines.size(); ++i) {
      slot.lines[i].slot = &slot;
      slot.lines[i].origin = i;
    }
  }
  free_.reserve(slots_.size());
  readable_.reserve(slots_.size());
  resting_.reserve(slots_.size());
}

async::Task<LoadResult> FastDriver::run(TimePoint start) {
  turns_.start(start);
  if (hurry_ != Hurry::none) turns_.end_at(std::min(start, loop_.now()));  // before anything is sent
  recorder_.start(turns_.begin(), turns_.end());
  start_ = start;
  if (loop_.now() < start && hurry_ == Hurry::none) {
    poller_.wake_at(start);  // the loop's own timers have a precision of a millisecond
    co_await begun_.wait();
  }
  if (turns_.end() != TimePoint::max())
    drained_ = async::later(turns_.end(), plan_.drain.value_or(kFirstDrain));
  now_ = loop_.now();
  next_scan_ = now_ + scan_period(plan_);
  running_ = true;
  begin_slots();
  do_what_is_due(loop_.now());
  co_await ended_.wait();
  running_ = false;
  const TimePoint end = loop_.now();
  for (Slot& slot : slots_) {
    if (slot.state != SlotState::connecting && slot.state != SlotState::busy) continue;
    slot.exchange.ended = end;
    recorder_.left(slot.exchange, hurry_ != Hurry::now);
    ++slot.attempt;
    slot.state = SlotState::free;
  }
  auto ending = end_connecting();
  co_await std::move(ending);
  while (const auto planned = turns_.take_dropped()) {
    recorder_.dropped(static_cast<std::uint32_t>(book_.pick()), *planned);
  }
  co_return recorder_.finish(end);
}

void FastDriver::stop() noexcept {
  const TimePoint now = loop_.now();
  hurry_ = hurry_ == Hurry::none ? Hurry::drain : Hurry::now;
  prepared_.set();
  begun_.set();
  turns_.end_at(now);
  recorder_.end_at(now);
  const Duration drain = hurry_ == Hurry::now ? Duration::zero() : plan_.drain.value_or(kFirstDrain);
  drained_ = std::min(drained_, async::later(now, drain));
  if (running_) do_what_is_due(now);
}

// All at once, or one after the other; those of an open loop wait for what is planned.
void FastDriver::begin_slots() noexcept {
  for (std::size_t i = slots_.size(); is_open() && i-- > 0;) free_.push_back(&slots_[i]);
  for (std::size_t i = 0; i < slots_.size() && !is_open(); ++i) {
    if (plan_.ramp_up.count() == 0) {
      next(slots_[i], loop_.now());
    } else {
      rest(slots_[i], async::later(start_, slot_delay(plan_, first_slot_ + i)));
    }
  }
}

// The slot is free: it sends its next request now, later, or when one is planned.
void FastDriver::next(Slot& slot, TimePoint now) noexcept {
  slot.state = SlotState::free;
  if (turns_.over(now)) return;
  if (!is_open()) {
    begin(slot, turns_.take(now), now);
  } else if (turns_.next(now) <= now) {
    const TimePoint planned = turns_.take(now);
    if (free_.empty()) recorder_.waited_for_slot(planned);
    recorder_.schedule_lag(free_.empty() ? Duration::zero() : now - planned);  // it could have had another
    begin(slot, planned, now);
  } else {
    free_.push_back(&slot);
  }
}

void FastDriver::begin(Slot& slot, TimePoint planned, TimePoint now) noexcept {
  const std::size_t target = book_.pick();
  slot.request = book_.write(target, slot.room);
  slot.line = &slot.lines[book_.origin_of(target)];
  slot.retried = false;
  // Such a request can't be sent again if its connection is found closed only afterwards.
  const bool must_look = slot.line->used && !book_.is_idempotent(target);
  if (must_look && slot.line->wire && !stays_open(*slot.line)) slot.line->wire = http::Wire();
  ++slot.serial;
  Exchange& exchange = slot.exchange = Exchange();
  exchange.planned = last_planned_ = planned;
  exchange.sent = now;
  exchange.target = static_cast<std::uint32_t>(target);
  recorder_.sent(exchange);
  ++in_flight_;
  if (slot.line->wire) {
    send(slot);
  } else {
    connect(slot);
  }
}

void FastDriver::send(Slot& slot) noexcept {
  slot.state = SlotState::busy;
  slot.has_first_byte = slot.wrote = false;
  slot.left = slot.request;
  slot.parser.start(book_.is_head(slot.exchange.target));
  push(slot);
}

// False if the request has ended.
bool FastDriver::push(Slot& slot) noexcept {
  while (!slot.left.empty()) {
    const long sent = slot.line->wire.send(slot.left);
    if (sent == http::Wire::kAgain) return true;
    if (sent < 0) {
      // The server may have answered before it closed.
      slot.left = {};
      const std::uint32_t serial = slot.serial;
      receive(slot, true);
      if (slot.serial == serial && slot.state == SlotState::busy) lost(slot);
      return false;
    }
    slot.wrote = slot.wrote || sent > 0;
    slot.left.remove_prefix(static_cast<std::size_t>(sent));
    slot.exchange.bytes_out += static_cast<std::uint64_t>(sent);
  }
  return true;
}

void FastDriver::receive(Slot& slot, bool hung_up) noexcept {
  http::Wire& wire = slot.line->wire;
  for (int i = 0; i < kReceives; ++i) {
    const long count = received_.receive(wire, buffer_.data(), buffer_.size());
    if (count == http::Wire::kAgain) return;
    if (count == http::Wire::kBroken) return lost(slot);
    if (count == 0 || count == http::Wire::kCut) {
      const auto state = slot.parser.end_of_stream(count == http::Wire::kCut);
      if (state == ResponseParser::State::done) return complete(slot, false);
      return slot.parser.begun() ? fail_by_parser(slot) : lost(slot);
    }
    slot.exchange.bytes_in += static_cast<std::uint64_t>(count);
    std::string_view bytes(buffer_.data(), static_cast<std::size_t>(count));
    const auto state = slot.parser.feed(bytes);
    if (state == ResponseParser::State::done) {
      const bool clean = bytes.find_first_not_of("\r\n") == std::string_view::npos;
      if (!clean) recorder_.unsolicited();
      return complete(slot, clean && !hung_up);
    }
    if (state == ResponseParser::State::failed) return fail_by_parser(slot);
    if (!slot.has_first_byte && slot.parser.begun()) {
      slot.has_first_byte = true;
      slot.exchange.first_byte = received_.time(slot.exchange.sent, now_);
    }
    const bool drained = wire.is_plain() && static_cast<std::size_t>(count) < buffer_.size() && !hung_up;
    if (drained) return;
  }
  if (!std::exchange(slot.again, true)) readable_.push_back(&slot);
}

void FastDriver::complete(Slot& slot, bool reusable) noexcept {
  Exchange& exchange = slot.exchange;
  exchange.ended = received_.time(slot.has_first_byte ? exchange.first_byte : exchange.sent, now_);
  if (!slot.has_first_byte) exchange.first_byte = exchange.ended;
  exchange.status = slot.parser.status();
  exchange.body_bytes = slot.parser.body_bytes();
  recorder_.look(now_);
  recorder_.answered(exchange);
  --in_flight_;
  slot.failures = 0;
  slot.line->used = true;
  if (!reusable || !plan_.keepalive || !slot.parser.keep_alive() || !slot.left.empty()) {
    slot.line->wire = http::Wire();
  }
  if (plan_.think.count() > 0) return rest(slot, now_ + plan_.think);
  next(slot, now_);
}

// The connection is closed, and there is no response.
void FastDriver::lost(Slot& slot) noexcept {
  const bool silent = !slot.parser.begun();
  const bool stale = slot.line->used && silent && !slot.retried;
  if (!stale || (slot.wrote && !book_.is_idempotent(slot.exchange.target))) {
    return fail(slot, Error(Errc::reset, silent ? "the connection was closed without an answer"
                                                : "the connection was reset"));
  }
  slot.retried = true;
  slot.exchange.resent += slot.wrote ? 1U : 0U;
  slot.line->wire = http::Wire();
  connect(slot);
}

void FastDriver::fail_by_parser(Slot& slot) noexcept {
  fail(slot, Error(slot.parser.fault(), slot.parser.message()));
}

void FastDriver::fail(Slot& slot, const Error& error) noexcept {
  const bool unconnected = slot.state == SlotState::connecting;
  slot.exchange.ended = now_ = loop_.now();
  slot.exchange.status = 0;
  recorder_.look(now_);
  recorder_.failed(slot.exchange, error);
  --in_flight_;
  slot.line->wire = http::Wire();
  if (!unconnected) return plan_.think.count() > 0 ? rest(slot, now_ + plan_.think) : next(slot, now_);
  const Duration pause = kFirstPause * (1U << std::min(slot.failures++, kMostDoublings));
  rest(slot, now_ + std::max(pause, plan_.think));
}

void FastDriver::rest(Slot& slot, TimePoint until) noexcept {
  slot.state = SlotState::resting;
  resting_.push_back({until, &slot});
  std::push_heap(resting_.begin(), resting_.end());
}

void FastDriver::on_socket(void* tag, bool hung_up) noexcept {
  Line& line = *static_cast<Line*>(tag);
  Slot& slot = *line.slot;
  if (!line.wire) return;
  if (slot.state != SlotState::busy || slot.line != &line) {
    if (!stays_open(line) || hung_up) line.wire = http::Wire();
    return;
  }
  if (!slot.left.empty() && !push(slot)) return;
  receive(slot, hung_up);
}

void FastDriver::on_turn(TimePoint began) noexcept {
  if (!running_) {
    if (start_ == TimePoint()) return;
    if (loop_.now() >= start_) return begun_.set();
    return poller_.wake_at(start_);
  }
  const std::size_t more = readable_.size();
  for (std::size_t i = 0; i < more; ++i) {
    Slot& slot = *readable_[i];
    slot.again = false;
    if (slot.state == SlotState::busy) receive(slot, false);
  }
  readable_.erase(readable_.begin(), readable_.begin() + static_cast<std::ptrdiff_t>(more));
  const TimePoint now = std::max(now_, began);
  recorder_.loop_turn(now - began);
  do_what_is_due(now);
}

void FastDriver::do_what_is_due(TimePoint now) noexcept {
  if (!running_) return;
  recorder_.look(now);
  wake_rested(now);
  if (is_open()) send_what_is_planned(now);
  if (now >= next_scan_) end_overdue(now);
  end_if_over(now);
  wake_in_time(now);
}

// The last turns count, too, if the loop wakes a little after their end: only this thread held them up.
void FastDriver::send_what_is_planned(TimePoint now) noexcept {
  const auto is_due = [&] { return turns_.next(now) <= now && turns_.next(now) < turns_.end(); };
  while (hurry_ == Hurry::none && !free_.empty() && is_due()) {
    Slot& slot = *free_.back();
    free_.pop_back();
    const TimePoint planned = turns_.take(now);
    recorder_.schedule_lag(now - planned);
    begin(slot, planned, now);
    now = now_ = loop_.now();
  }
}

void FastDriver::wake_rested(TimePoint now) noexcept {
  while (!resting_.empty() && resting_.front().until <= now) {
    Slot& slot = *resting_.front().slot;
    std::pop_heap(resting_.begin(), resting_.end());
    resting_.pop_back();
    next(slot, now);
  }
}

// This replaces a timer for each request, since few requests wait.
void FastDriver::end_overdue(TimePoint now) noexcept {
  next_scan_ = now + scan_period(plan_);
  if (plan_.timeout.count() == 0) return;
  for (Slot& slot : slots_) {
    const bool waits = slot.state == SlotState::busy || slot.state == SlotState::connecting;
    if (!waits || now - slot.exchange.sent < plan_.timeout) continue;
    if (slot.state == SlotState::connecting) {
      ++slot.attempt;
      slot.connecting.cancel();
      slot.state = SlotState::busy;  // without a pause: it took long enough
    }
    fail(slot, Error(Errc::timeout, "no whole response came in time"));
  }
}

void FastDriver::end_if_over(TimePoint now) noexcept {
  if (!turns_.over(now)) return;
  // How long the answers take may be known only now.
  if (now >= drained_ && hurry_ != Hurry::now) drained_ = async::later(turns_.end(), recorder_.drain());
  if (in_flight_ == 0 || now >= drained_) ended_.set();
}

void FastDriver::wake_in_time(TimePoint now) noexcept {
  TimePoint soonest = std::min(recorder_.slice_end(), drained_);
  if (plan_.timeout.count() > 0 && in_flight_ > 0) soonest = std::min(soonest, next_scan_);
  if (turns_.end() > now) soonest = std::min(soonest, turns_.end());
  if (!resting_.empty()) soonest = std::min(soonest, resting_.front().until);
  if (!readable_.empty()) soonest = now;
  const bool sends = is_open() && !free_.empty() && turns_.end() > now;
  if (!sends || turns_.next(now) > soonest) return poller_.wake_at(soonest);
  poller_.wake_exactly_at(turns_.next(now), now, turns_.next(now) - last_planned_);
}

std::unique_ptr<Driver> make_fast_driver(async::EventLoop& loop, const LoadPlan& plan, DriverPart part) {
  return std::make_unique<FastDriver>(loop, plan, std::move(part));
}

}  // namespace leat::load
