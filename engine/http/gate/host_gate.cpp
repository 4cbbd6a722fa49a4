#include "engine/http/gate/host_gate.hpp"

#include <algorithm>
#include <chrono>

#include "engine/http/gate/host_gate_host.hpp"
#include "engine/http/gate/retry_policy.hpp"

namespace leat::http {

namespace {

constexpr std::size_t kSweepAt = 8192;  // when there are so many origins, idle ones are forgotten
constexpr auto kSilence = std::chrono::milliseconds(250);  // after this a transfer should be connected
constexpr auto kLook = std::chrono::milliseconds(25);  // how often to look at what runs at an unproven host

}  // namespace

class HostGate::Alarm final : public async::Timer {
 public:
  explicit Alarm(HostGate& gate) noexcept : gate_(gate) {}

 private:
  void on_timer() noexcept override { gate_.dispatch(); }
  HostGate& gate_;
};

HostGate::HostGate(async::EventLoop& loop, HostGateOptions options)
    : loop_(loop),
      options_(options),
      slots_(std::max<std::size_t>(options.slots, 1)),
      turns_(std::make_unique<Turns>()),
      sweep_at_(kSweepAt),
      alarm_(std::make_unique<Alarm>(*this)) {
  if (options_.per_host == 0) options_.per_host = slots_;
  if (options_.behind_proxy) {
    proxy_ = std::make_unique<Host>(*this, false);
    proxy_->origin = "the proxy";
  }
}

HostGate::~HostGate() = default;

TransferProgress* HostGate::Slot::progress() const noexcept {
  return host_ == nullptr ? nullptr : &host_->progress;
}

HostGate::Host& HostGate::host_of(std::string_view origin) {
  const auto found = hosts_.find(origin);
  if (found != hosts_.end()) return found->second;
  if (hosts_.size() >= sweep_at_) sweep();
  const bool proxied = proxy_ && options_.behind_proxy(origin);
  const auto made = hosts_.try_emplace(std::string(origin), *this, proxied).first;
  Host& host = made->second;
  host.origin = made->first;
  host.given_up = proxied && proxy_->given_up;
  return host;
}

void HostGate::sweep() {
  const async::TimePoint now = loop_.now();
  std::erase_if(hosts_, [now](const auto& entry) { return entry.second.idle(now); });
  sweep_at_ = std::max(kSweepAt, 2 * hosts_.size());
}

bool HostGate::can_start(const Host& host, async::TimePoint now) const noexcept {
  return host.running < options_.per_host && host.parked_until <= now && host.rate.allows(now) &&
         (!options_.watches_health || host.health.allows(host.running, now)) &&
         (!host.proxied || proxy_->health.allows(proxy_->running, now));
}

// With one origin alone there is nothing to choose from.
bool HostGate::reads_ahead() const noexcept { return hosts_.size() > 1 && waiting_ < slots_; }

void HostGate::space_starts(std::string_view origin, async::Duration apart) {
  host_of(origin).rate.slow_to(apart);
}

bool HostGate::rate_allows(async::TimePoint now) {
  if (options_.rate.allows(now)) return true;
  if (!alarm_->is_armed()) loop_.arm(*alarm_, options_.rate.due());
  return false;
}

void HostGate::count_start(Host& host, Slot& slot, async::TimePoint now) noexcept {
  slot.host_ = &host;
  ++host.running;
  host.retries.credit();
  host.rate.start(now);
  options_.rate.start(now);
  if (host.proxied) {
    ++proxy_->running;
    slot.is_proxy_probe_ = proxy_->health.started(now);
  }
  if (!options_.watches_health || !host.health.is_unproven()) [[likely]]
    return;
  if (!host.look.is_armed()) {
    host.looked_from = now;
    loop_.arm(host.look, now + kLook);
  }
  slot.is_probe_ = host.health.started(now);
}

// Puts a host where it belongs: among those that take turns, or to sleep until it may start something. A host
// that is only full comes back when one of its transfers leaves.
void HostGate::place(Host& host) {
  if (host.queue.empty() || host.is_linked()) return;
  const async::TimePoint now = loop_.turn_time();
  if (can_start(host, now)) {
    turns_->add(host);
  } else if (host.running < options_.per_host) {
    const async::TimePoint due = std::max({host.parked_until, host.rate.due(),
                                           options_.watches_health ? host.health.next_probe() : now,
                                           host.proxied ? proxy_->health.next_probe() : now});
    if (due > now) host.call_at(due);
  }
}

void HostGate::dispatch() {
  const async::TimePoint now = loop_.turn_time();
  while (taken_ < slots_ && !turns_->empty()) {
    if (!rate_allows(now)) return;
    Host& host = turns_->pop();
    if (!host.queue.empty() && can_start(host, now)) grant(host, now);
    place(host);
  }
  while (taken_ < slots_ && !vacancies_.empty() && rate_allows(now)) {
    VacancyWait& waiter = vacancies_.front();
    ++taken_;
    waiter.slot_ = Slot(*this, nullptr);
    waiter.wake();
  }
  if (!vacancies_.empty() && reads_ahead()) vacancies_.front().wake();
}

void HostGate::grant(Host& host, async::TimePoint now) {
  Enter& waiter = host.next();
  --host.waiting;
  --waiting_;
  ++taken_;
  waiter.is_queued_ = false;
  waiter.slot_ = Slot(*this, &host);
  waiter.slot_.part_ = waiter.part_;
  count_start(host, waiter.slot_, now);
  waiter.wake();
}

void HostGate::leave(const Slot& slot) noexcept {
  Host* const host = slot.host_;
  if (host == nullptr) {
    --taken_;
    return dispatch();
  }
  --host->running;
  if (host->uncounted > 0) {
    --host->uncounted;
    --silent_;
  } else {
    --taken_;
  }
  if (slot.is_probe_) host->health.probe_ended();
  if (host->proxied) {
    const bool was_closed = !proxy_->health.allows(proxy_->running--, loop_.turn_time());
    if (slot.is_proxy_probe_) proxy_->health.probe_ended();
    if (was_closed) place_proxied();
  }
  host->give_share(slot.part_);
  host->unlink();  // it may stand further in front now
  place(*host);
  dispatch();
}

// Places all hosts that wait for the proxy again, because something has changed there.
void HostGate::place_proxied() {
  for (auto& [origin, host] : hosts_) {
    if (host.proxied) place(host);
  }
}

// A body may take long, but its head says already that the host answers.
void HostGate::look_at_unproven(Host& host) {
  if (host.running == 0 || !host.health.is_unproven()) return;
  const int status = host.progress.status.load(std::memory_order_relaxed);
  if (status != 0 && sign_of_status(status, is_retryable_status(status)) == HostSign::good) {
    PageHistory none;
    report(host.origin, HostSign::good, none, host.looked_from, nullptr);
    return dispatch();
  }
  const async::TimePoint now = loop_.now();
  const bool connected = host.progress.connected.load(std::memory_order_relaxed);
  if (!connected && now >= host.looked_from + kSilence) uncount(host);
  loop_.arm(host.look, now + kLook);
}

// Never more transfers than there are slots are left uncounted; otherwise a list of dead hosts would open
// connections without end.
void HostGate::uncount(Host& host) noexcept {
  const std::size_t some = std::min(host.running - host.uncounted, slots_ - std::min(silent_, slots_));
  if (some == 0) return;
  host.uncounted += some;
  silent_ += some;
  taken_ -= some;
  dispatch();
}

void HostGate::count_again(Host& host) noexcept {
  taken_ += host.uncounted;
  silent_ -= host.uncounted;
  host.uncounted = 0;
}

bool HostGate::Enter::try_enter() {
  if (host_.given_up) {
    slot_.reset();
    return true;
  }
  if (!slot_.held()) return false;
  const async::TimePoint now = gate_.loop_.turn_time();
  if (!host_.queue.empty() || !gate_.can_start(host_, now) || !gate_.options_.rate.allows(now)) return false;
  if (!host_.take_share(part_)) return false;
  slot_.part_ = part_;
  gate_.count_start(host_, slot_, now);
  return true;
}

void HostGate::Enter::join_queue() {
  is_queued_ = true;
  has_share_ = host_.take_share(part_);
  (has_share_ ? host_.queue : host_.parts[part_].queue).push_back(*this);
  ++host_.waiting;
  ++gate_.waiting_;
  gate_.place(host_);
  slot_.reset();
  gate_.dispatch();
}

void HostGate::Enter::on_cancel() noexcept {
  if (!is_queued_) return;
  --host_.waiting;
  --gate_.waiting_;
  if (!has_share_ || !host_.parts) return;
  host_.give_share(part_);
  gate_.place(host_);
}

void HostGate::park(std::string_view origin, async::TimePoint until) {
  Host& host = host_of(origin);
  host.parked_until = std::max(host.parked_until, until);
  host.unlink();
  place(host);
}

void HostGate::report(std::string_view origin, HostSign sign, PageHistory& page, async::TimePoint begun,
                      const Error* why) {
  if (sign == HostSign::nothing || !options_.watches_health) return;
  Host& host = host_of(origin);
  if (!host.proxied) return tell(host, sign, page, begun, why);
  const bool is_proxys = why != nullptr && why->of_proxy;
  if (is_proxys || sign == HostSign::good) {
    PageHistory none;
    const auto before = proxy_->health.state();
    tell(*proxy_, sign, none, begun, why);
    if (proxy_->health.state() != before) place_proxied();
  }
  if (!is_proxys) tell(host, sign, page, begun, why);
}

void HostGate::tell(Host& host, HostSign sign, PageHistory& page, async::TimePoint begun, const Error* why) {
  if (sign != HostSign::good && why != nullptr) host.last_failure = std::make_unique<const Error>(*why);
  const auto before = host.health.state();
  const auto others = host.running - std::min<std::size_t>(host.running, 1);
  // Nearly all are good, and of those only the order matters.
  const async::TimePoint now = sign == HostSign::good ? loop_.poll_time() : loop_.now();
  host.health.take(sign, page, begun, others, now);
  const auto after = host.health.state();
  if (after == HostHealth::State::well) {
    if (before == after) return;
    host.down.disarm();
    count_again(host);
    if (before == HostHealth::State::doubtful) tell_change(host);
  } else if (after == HostHealth::State::doubtful) {
    if (before != after) host.progress.connected.store(false, std::memory_order_relaxed);
    host.progress.status.store(0, std::memory_order_relaxed);
    host.down.arm();
    tell_change(host);
  }
  host.unlink();
  place(host);
}

void HostGate::tell_change(const Host& host) const {
  if (options_.health_changed && &host != proxy_.get()) options_.health_changed(host.origin);
}

std::optional<HostDoubt> HostGate::doubt_of(std::string_view origin) const {
  const auto found = hosts_.find(origin);
  return found == hosts_.end() ? std::nullopt : found->second.health.doubt();
}

void HostGate::take_over(std::string_view origin, const HostDoubt& doubt, const Error& last) {
  if (!options_.watches_health) return;
  Host& host = host_of(origin);
  const auto before = host.health.state();
  host.health.take_over(doubt, loop_.now());
  if (host.given_up || host.health.state() == before) return;
  if (!host.last_failure) host.last_failure = std::make_unique<const Error>(last);
  host.unlink();
  if (doubt.is_down) return give_up(host);
  place(host);
}

bool HostGate::settle(std::string_view origin, bool failed) {
  if (options_.host_errors == 0) return false;
  Host& host = host_of(origin);
  host.failed_in_a_row = failed ? host.failed_in_a_row + 1 : 0;
  if (host.given_up || host.failed_in_a_row < options_.host_errors) return false;
  give_up(host);
  return true;
}

void HostGate::give_up(Host& host) {
  host.given_up = true;
  if (&host == proxy_.get()) {
    for (auto& [origin, behind] : hosts_) {
      if (behind.proxied) give_up(behind);
    }
  }
  host.unlink();
  while (!host.queue.empty()) {
    Enter& waiter = host.queue.front();
    --host.waiting;
    --waiting_;
    waiter.is_queued_ = false;
    waiter.wake();
    host.give_share(waiter.part_);  // with which the next one of that part comes here
  }
}

void HostGate::hear_good(std::string_view origin) {
  const auto found = hosts_.find(origin);
  if (found == hosts_.end() || found->second.given_up) return;
  Host& host = found->second;
  host.health.hear_good(loop_.now());
  host.unlink();
  place(host);
  dispatch();
}

HostGate::Gone HostGate::why_gone(std::string_view origin) const {
  Gone gone;
  const auto found = hosts_.find(origin);
  if (found == hosts_.end()) return gone;
  const Host& host = found->second.proxied && proxy_->given_up ? *proxy_ : found->second;
  gone.is_down = host.health.state() == HostHealth::State::down;
  if (host.last_failure) gone.last = *host.last_failure;
  return gone;
}

async::Duration HostGate::take_retry(std::string_view origin) {
  return host_of(origin).retries.take(loop_.now());
}

bool HostGate::lower_slots() noexcept {
  const std::size_t lower = std::max<std::size_t>(taken_, 2) - 1;
  if (lower >= slots_) return false;
  slots_ = lower;
  return true;
}

}  // namespace leat::http
