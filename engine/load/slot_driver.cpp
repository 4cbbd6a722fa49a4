#include "engine/load/slot_driver.hpp"

#include <algorithm>

#include "engine/async/deadline.hpp"

namespace leat::load {

namespace {

using async::Duration;
using async::TimePoint;
using namespace std::chrono_literals;

constexpr Duration kPreparation{3s};         // at most this long for connections ahead of the run
constexpr Duration kFirstDrain{1s};          // longer if what was measured takes longer
constexpr Duration kFirstPause{1ms};         // the pause after a connection that was not made
constexpr std::uint32_t kMostDoublings = 2;  // a run by count goes on at a moderate pace

// How often time-outs are looked for; each is found late by at most that time.
Duration scan_period(const LoadPlan& plan) { return std::clamp<Duration>(plan.timeout / 100, 1ms, 50ms); }

}  // namespace

SlotDriver::SlotDriver(async::EventLoop& loop, const LoadPlan& plan, const DriverPart& part)
    : loop_(loop),
      plan_(plan),
      book_(plan, part.thread, part.threads),
      recorder_(plan, part.thread, part.slices, part.samples),
      turns_(plan, part),
      first_slot_(part.first_slot),
      poller_(loop, *this) {
  slots_.reserve(part.slots);
  free_.reserve(part.slots);
  resting_.reserve(part.slots);
}

async::Task<void> SlotDriver::finish_preparation() {
  const async::Deadline deadline(loop_, kPreparation, prepared_);
  co_await prepared_.wait();
  auto ending = end_tasks();
  co_await std::move(ending);
}

async::Task<void> SlotDriver::end_tasks() {
  if (empty()) co_return;
  all_gone_.emplace();
  cancel_all();
  co_await all_gone_->wait();
  all_gone_.reset();
}

void SlotDriver::on_end(async::TaskState&) noexcept {
  if (empty() && all_gone_) all_gone_->set();
}

async::Task<LoadResult> SlotDriver::run(TimePoint start) {
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
  for (LoadSlot* slot : slots_) {
    if (slot->state != LoadSlot::State::busy) continue;
    abandon(*slot);
    slot->exchange.ended = end;
    recorder_.left(slot->exchange, hurry_ != Hurry::now);
    slot->state = LoadSlot::State::free;
  }
  auto ending = end_tasks();
  co_await std::move(ending);
  while (const auto planned = turns_.take_dropped()) {
    recorder_.dropped(static_cast<std::uint32_t>(book_.pick()), *planned);
  }
  co_return recorder_.finish(end);
}

void SlotDriver::stop() noexcept {
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
void SlotDriver::begin_slots() noexcept {
  for (std::size_t i = slots_.size(); is_open() && i-- > 0;) free_.push_back(slots_[i]);
  for (std::size_t i = 0; i < slots_.size() && !is_open(); ++i) {
    if (plan_.ramp_up.count() == 0) {
      next(*slots_[i], loop_.now());
    } else {
      rest(*slots_[i], async::later(start_, slot_delay(plan_, first_slot_ + i)));
    }
  }
}

// The slot is free: it sends its next request now, later, or when one is planned.
void SlotDriver::next(LoadSlot& slot, TimePoint now) noexcept {
  slot.state = LoadSlot::State::free;
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

void SlotDriver::begin(LoadSlot& slot, TimePoint planned, TimePoint now) noexcept {
  slot.state = LoadSlot::State::busy;
  Exchange& exchange = slot.exchange = Exchange();
  exchange.planned = last_planned_ = planned;
  exchange.sent = now;
  exchange.target = static_cast<std::uint32_t>(book_.pick());
  if (plan_.looks_at_bodies()) {
    exchange.body = &slot.body;
    slot.body.begin(recorder_.wants_answer(planned));
  }
  recorder_.sent(exchange);
  ++in_flight_;
  dispatch(slot);
}

void SlotDriver::answered(LoadSlot& slot) noexcept {
  recorder_.answered(slot.exchange);
  --in_flight_;
  slot.failures = 0;
  if (plan_.think.count() > 0) return rest(slot, now_ + plan_.think);
  next(slot, now_);
}

void SlotDriver::failed(LoadSlot& slot, const Error& why, bool had_connection) noexcept {
  slot.exchange.ended = now_ = loop_.now();
  slot.exchange.status = 0;
  recorder_.look(now_);
  recorder_.failed(slot.exchange, why);
  --in_flight_;
  if (had_connection) return plan_.think.count() > 0 ? rest(slot, now_ + plan_.think) : next(slot, now_);
  const Duration pause = kFirstPause * (1U << std::min(slot.failures++, kMostDoublings));
  rest(slot, now_ + std::max(pause, plan_.think));
}

void SlotDriver::rest(LoadSlot& slot, TimePoint until) noexcept {
  slot.state = LoadSlot::State::resting;
  resting_.push_back({until, &slot});
  std::push_heap(resting_.begin(), resting_.end());
}

void SlotDriver::on_turn(TimePoint began) noexcept {
  if (!running_) {
    receive_rest();
    send_ready();
    if (start_ == TimePoint()) return;
    if (loop_.now() >= start_) return begun_.set();
    return poller_.wake_at(start_);
  }
  receive_rest();
  const TimePoint now = std::max(now_, began);
  recorder_.loop_turn(now - began);
  do_what_is_due(now);
}

void SlotDriver::do_what_is_due(TimePoint now) noexcept {
  if (!running_) return;
  recorder_.look(now);
  wake_rested(now);
  if (is_open()) send_what_is_planned(now);
  if (now >= next_scan_) end_overdue(now);
  send_ready();
  end_if_over(now);
  wake_in_time(now);
}

void SlotDriver::end_if_over(TimePoint now) noexcept {
  if (!turns_.over(now)) return;
  // How long the answers take may be known only now.
  if (now >= drained_ && hurry_ != Hurry::now) drained_ = async::later(turns_.end(), recorder_.drain());
  if (in_flight_ == 0 || now >= drained_) ended_.set();
}

// The last turns count, too, if the loop wakes a little after their end: only this thread held them up.
void SlotDriver::send_what_is_planned(TimePoint now) noexcept {
  const auto is_due = [&] { return turns_.next(now) <= now && turns_.next(now) < turns_.end(); };
  while (hurry_ == Hurry::none && !free_.empty() && is_due()) {
    LoadSlot& slot = *free_.back();
    free_.pop_back();
    const TimePoint planned = turns_.take(now);
    recorder_.schedule_lag(now - planned);
    begin(slot, planned, now);
    now = now_ = loop_.now();
  }
}

void SlotDriver::wake_rested(TimePoint now) noexcept {
  while (!resting_.empty() && resting_.front().until <= now) {
    LoadSlot& slot = *resting_.front().slot;
    std::pop_heap(resting_.begin(), resting_.end());
    resting_.pop_back();
    next(slot, now);
  }
}

// This replaces a timer for each request, since few requests wait.
void SlotDriver::end_overdue(TimePoint now) noexcept {
  next_scan_ = now + scan_period(plan_);
  if (plan_.timeout.count() == 0) return;
  for (LoadSlot* slot : slots_) {
    if (slot->state != LoadSlot::State::busy || now - slot->exchange.sent < plan_.timeout) continue;
    abandon(*slot);
    failed(*slot, Error(Errc::timeout, "no whole response came in time"), true);
  }
}

void SlotDriver::wake_in_time(TimePoint now) noexcept {
  TimePoint soonest = std::min(recorder_.slice_end(), drained_);
  if (plan_.timeout.count() > 0 && in_flight_ > 0) soonest = std::min(soonest, next_scan_);
  if (turns_.end() > now) soonest = std::min(soonest, turns_.end());
  if (!resting_.empty()) soonest = std::min(soonest, resting_.front().until);
  if (has_rest()) soonest = now;
  const bool sends = is_open() && !free_.empty() && turns_.end() > now;
  if (!sends || turns_.next(now) > soonest) return poller_.wake_at(soonest);
  poller_.wake_exactly_at(turns_.next(now), now, turns_.next(now) - last_planned_);
}

}  // namespace leat::load
