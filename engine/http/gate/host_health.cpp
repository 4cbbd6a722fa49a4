#include "engine/http/gate/host_health.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "engine/http/gate/retry_policy.hpp"

namespace leat::http {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kFew = 3;        // so many failures in a row make a host doubtful
constexpr std::size_t kMostFew = 256;  // the most that false doubts raise it to
constexpr int kFalseDoubt = 2;         // a doubt that ends with so few probes was false
constexpr async::Duration kFirstPause = milliseconds(100);
constexpr async::Duration kUsualPause = seconds(2);
constexpr async::Duration kLongestPause = seconds(60);
constexpr int kShareOfDoubt = 10;  // a pause is at most this part of the time that the host has been doubtful
constexpr std::size_t kRefill = 2;  // transfers at once to a host that has just become well
constexpr std::size_t kCalm = 32;   // answers before a ceiling is raised
constexpr std::size_t kLongestCalm = 4096;
constexpr std::size_t kMostRoom = 65'535;
constexpr double kFades = 0.95;  // what the share of transfers turned away keeps with each transfer
constexpr double kSheds = 0.1;   // from this share on, a host takes only so many at once

constexpr std::array kUnreachable{Errc::dns_timeout, Errc::connect_refused, Errc::connect_timeout,
                                  Errc::connect_failed, Errc::tls_failed};
constexpr std::array kBroken{Errc::timeout, Errc::stalled, Errc::reset, Errc::truncated};

template <std::size_t N>
bool holds(const std::array<Errc, N>& codes, Errc code) noexcept {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

// A host whose head has come works, unless the head says otherwise; a body that broke off proves nothing. If
// no connection came about, a status is a proxy's.
HostSign sign_of(const Error& error) noexcept {
  if (error.out_of_descriptors()) return HostSign::nothing;
  if (error.http_status != 0 && !holds(kUnreachable, error.code)) {
    if (holds(kBroken, error.code)) return HostSign::nothing;
    return sign_of_status(error.http_status, is_retryable_status(error.http_status));
  }
  if (error.code == Errc::dns_failed) return error.retryable ? HostSign::unreachable : HostSign::nothing;
  if (holds(kUnreachable, error.code)) return error.retryable ? HostSign::unreachable : HostSign::nothing;
  return holds(kBroken, error.code) ? HostSign::broken : HostSign::nothing;
}

HostSign sign_of_status(int status, bool retryable) noexcept {
  if (status == 429 || status == 503) return HostSign::overloaded;
  return status >= 500 && retryable ? HostSign::bad_status : HostSign::good;
}

bool HostHealth::started(async::TimePoint now) noexcept {
  if (state_ != State::doubtful) return false;
  probing_ = true;
  ++probes_;
  next_probe_ = now + pause_;
  const auto longest = std::clamp((now - doubtful_since_) / kShareOfDoubt, kUsualPause, kLongestPause);
  pause_ = std::min(pause_ * 3 / 2, longest);
  return true;
}

void HostHealth::take(HostSign sign, PageHistory& page, async::TimePoint begun, std::size_t others,
                      async::TimePoint now) noexcept {
  if (sign == HostSign::nothing || state_ == State::down) return;
  is_hearsay_ = false;
  if (sign == HostSign::good) return take_good(now);
  if (sign == HostSign::bad_status || sign == HostSign::overloaded) last_answer_ = now;
  if (failures_ == 0) {
    since_ = std::max(begun, last_good_);
    records_ = 0;
  }
  if (sign != HostSign::unreachable) {
    if (page.has_failed && page.goods != goods_) return;
    if (!page.has_failed) ++records_;
    page.has_failed = true;
    page.goods = goods_;
  }
  ++failures_;
  if (state_ == State::doubtful) return;
  if (sign != HostSign::bad_status) {
    suspected_ = std::max<std::size_t>(others, 1);
    shed_ = shed_ * kFades + (1 - kFades);
  }
  if (failures_ >= few_) doubt(now);
}

void HostHealth::doubt(async::TimePoint now) noexcept {
  state_ = State::doubtful;
  doubtful_since_ = now;
  pause_ = kFirstPause;
  next_probe_ = now + pause_;
  probes_ = 0;
}

void HostHealth::take_good(async::TimePoint now) noexcept {
  ++goods_;
  failures_ = 0;
  last_good_ = last_answer_ = now;
  shed_ *= kFades;
  if (state_ != State::well) make_well();
  if (suspected_ > 0) {
    learn_room();
  } else if (room_ < kMostRoom) {
    grow_room();
  }
}

// What was turned away before a probe went out was turned away because of the outage, not for want of room.
void HostHealth::make_well() noexcept {
  if (state_ == State::doubtful) {
    few_ = probes_ <= kFalseDoubt ? std::min(few_ * 2, kMostFew) : kFew;
    if (probes_ > 0) suspected_ = 0;
    room_ = std::min(ceiling_, kRefill);
  }
  state_ = State::well;
}

void HostHealth::learn_room() noexcept {
  const std::size_t held = std::exchange(suspected_, 0);
  if (shed_ < kSheds || held > ceiling_) return;
  calm_wanted_ = was_raised_ ? std::min(calm_wanted_ * 2, kLongestCalm) : std::max(calm_wanted_, kCalm);
  was_raised_ = false;
  ceiling_ = held;
  room_ = std::min(room_, held);
  calm_ = 0;
}

void HostHealth::grow_room() noexcept {
  if (room_ < ceiling_) {
    ++room_;
    return;
  }
  if (++calm_ < calm_wanted_) return;
  if (was_raised_) calm_wanted_ = std::max(calm_wanted_ / 2, kCalm);
  was_raised_ = true;
  calm_ = 0;
  ceiling_ = ++room_ < kMostRoom ? room_ : kUnlimited;
}

std::optional<HostDoubt> HostHealth::doubt() const noexcept {
  if (state_ != State::doubtful && state_ != State::down) return std::nullopt;
  HostDoubt doubt;
  doubt.is_down = state_ == State::down;
  doubt.since = since_;
  doubt.silent_since = std::max(since_, last_answer_);
  doubt.next_probe = next_probe_;
  doubt.records = records_;
  return doubt;
}

// It goes on with the pauses that the other one has come to.
void HostHealth::take_over(const HostDoubt& doubt, async::TimePoint now) noexcept {
  if (state_ == State::doubtful || state_ == State::down) return;
  if (state_ == State::well && last_good_ >= doubt.since) return;
  state_ = doubt.is_down ? State::down : State::doubtful;
  is_hearsay_ = true;
  failures_ = std::max(failures_, few_);
  since_ = doubtful_since_ = doubt.since;
  last_answer_ = doubt.silent_since;
  records_ = doubt.records;
  next_probe_ = doubt.next_probe;
  pause_ = std::clamp((now - doubt.since) / kShareOfDoubt, kFirstPause, kUsualPause);
  probes_ = kFalseDoubt + 1;  // it was no false doubt, whatever comes of the next probe
}

// A host is down when nothing at all has come for that time, or when enough different records have met
// nothing but bad statuses for it.
async::TimePoint HostHealth::down_at() const noexcept {
  if (state_ != State::doubtful || down_after_.count() == 0 || is_hearsay_) return async::TimePoint::max();
  const bool is_enough = records_ >= kFewRecords;
  return (is_enough ? since_ : std::max(since_, last_answer_)) + down_after_;
}

bool HostHealth::give_up_if_due(async::TimePoint now) noexcept {
  if (now < down_at()) return false;
  state_ = State::down;
  return true;
}

}  // namespace leat::http
