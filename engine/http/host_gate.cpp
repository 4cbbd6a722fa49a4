#include "engine/http/host_gate.hpp"

#include <algorithm>

namespace leat::http {

namespace {

constexpr std::size_t kSweepAt = 8192;  // origins; idle ones are forgotten then
constexpr double kRetryReserve = 100;   // retries of an origin before its budget counts
constexpr double kRetryShare = 0.2;     // of its transfers
constexpr int kOverloadedInARow = 3;    // answers after which the origin as a whole is parked

}  // namespace

struct HostGate::Host final : async::ListNode<TurnTag>, private async::Timer {
  Host(HostGate& g, std::string o) : gate(g), origin(std::move(o)), rate(g.options_.per_host_rate) {}

  [[nodiscard]] bool idle(async::TimePoint now) const noexcept {
    const bool told = failed_in_a_row > 0 || given_up;
    return running == 0 && waiting == 0 && parked_until <= now && rate.due() <= now && !told;
  }
  void call_at(async::TimePoint time) { gate.loop_.arm(*this, time); }
  void on_timer() noexcept override {
    gate.place(*this);
    gate.dispatch();
  }

  HostGate& gate;
  const std::string origin;
  async::IntrusiveList<Enter, async::ReadyTag> queue;
  std::size_t running = 0;
  std::size_t waiting = 0;
  async::TimePoint parked_until{};
  Rate rate;
  double retries_left = kRetryReserve;
  int overloaded_in_a_row = 0;
  std::size_t failed_in_a_row = 0;  // records, where that counts
  bool given_up = false;
};

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
}

HostGate::~HostGate() = default;

HostGate::Host& HostGate::host_of(const std::string& origin) {
  auto found = hosts_.find(origin);
  if (found == hosts_.end()) {
    if (hosts_.size() >= sweep_at_) sweep();
    found = hosts_.emplace(origin, std::make_unique<Host>(*this, origin)).first;
  }
  return *found->second;
}

void HostGate::sweep() {
  const async::TimePoint now = loop_.now();
  std::erase_if(hosts_, [now](const auto& entry) { return entry.second->idle(now); });
  sweep_at_ = std::max(kSweepAt, 2 * hosts_.size());
}

bool HostGate::can_start(const Host& host, async::TimePoint now) const noexcept {
  return host.running < options_.per_host && host.parked_until <= now && host.rate.allows(now);
}

bool HostGate::rate_allows(async::TimePoint now) {
  if (options_.rate.allows(now)) return true;
  if (!alarm_->is_armed()) loop_.arm(*alarm_, options_.rate.due());
  return false;
}

void HostGate::count_start(Host& host, async::TimePoint now) noexcept {
  ++host.running;
  host.retries_left = std::min(host.retries_left + kRetryShare, 1e9);
  host.rate.start(now);
  options_.rate.start(now);
}

// Puts a host where it belongs: among those that take turns, or to sleep until it may start something. One
// that is only full comes back when a transfer of its leaves.
void HostGate::place(Host& host) {
  if (host.queue.empty() || host.is_linked()) return;
  const async::TimePoint now = loop_.turn_time();
  if (can_start(host, now)) {
    turns_->push_back(host);
  } else if (host.running < options_.per_host) {
    host.call_at(std::max(host.parked_until, host.rate.due()));
  }
}

void HostGate::dispatch() {
  const async::TimePoint now = loop_.turn_time();
  while (taken_ < slots_ && !turns_->empty()) {
    if (!rate_allows(now)) return;
    Host& host = turns_->pop_front();
    if (!host.queue.empty() && can_start(host, now)) grant(host, now);
    place(host);
  }
  while (taken_ < slots_ && !vacancies_.empty() && rate_allows(now)) {
    VacancyWait& waiter = vacancies_.front();
    ++taken_;
    waiter.slot_ = Slot(*this, nullptr);
    waiter.wake();
  }
}

void HostGate::grant(Host& host, async::TimePoint now) {
  Enter& waiter = host.queue.front();
  --host.waiting;
  --waiting_;
  ++taken_;
  count_start(host, now);
  waiter.host_ = nullptr;
  waiter.slot_ = Slot(*this, &host);
  waiter.wake();
}

void HostGate::leave(Host* host) noexcept {
  --taken_;
  if (host != nullptr) {
    --host->running;
    place(*host);
  }
  dispatch();
}

bool HostGate::Enter::try_enter() {
  Host& host = gate_.host_of(origin_);
  if (host.given_up) {
    slot_.reset();
    return true;
  }
  if (!slot_.held()) return false;
  const async::TimePoint now = gate_.loop_.turn_time();
  if (!host.queue.empty() || !gate_.can_start(host, now) || !gate_.options_.rate.allows(now)) return false;
  gate_.count_start(host, now);
  slot_.host_ = &host;
  return true;
}

void HostGate::Enter::join_queue() {
  Host& host = gate_.host_of(origin_);
  host_ = &host;
  host.queue.push_back(*this);
  ++host.waiting;
  ++gate_.waiting_;
  gate_.place(host);
  slot_.reset();
  gate_.dispatch();
}

void HostGate::Enter::on_cancel() noexcept {
  if (host_ == nullptr) return;
  --host_->waiting;
  --gate_.waiting_;
}

void HostGate::park(const std::string& origin, async::TimePoint until) {
  Host& host = host_of(origin);
  host.parked_until = std::max(host.parked_until, until);
  host.unlink();
  place(host);
}

std::size_t HostGate::parked() const noexcept {
  const auto now = loop_.now();
  const auto is_parked = [now](const auto& entry) { return entry.second->parked_until > now; };
  return static_cast<std::size_t>(std::count_if(hosts_.begin(), hosts_.end(), is_parked));
}

async::TimePoint HostGate::parked_until(const std::string& origin) const {
  const auto found = hosts_.find(origin);
  return found == hosts_.end() ? async::TimePoint() : found->second->parked_until;
}

void HostGate::report(const std::string& origin, bool overloaded, async::Duration delay) {
  Host& host = host_of(origin);
  host.overloaded_in_a_row = overloaded ? host.overloaded_in_a_row + 1 : 0;
  if (host.overloaded_in_a_row >= kOverloadedInARow) park(origin, loop_.now() + delay);
}

bool HostGate::settle(const std::string& origin, bool failed) {
  if (options_.host_errors == 0) return false;
  Host& host = host_of(origin);
  host.failed_in_a_row = failed ? host.failed_in_a_row + 1 : 0;
  if (host.given_up || host.failed_in_a_row < options_.host_errors) return false;
  give_up(host);
  return true;
}

void HostGate::give_up(Host& host) {
  host.given_up = true;
  host.unlink();
  while (!host.queue.empty()) {
    Enter& waiter = host.queue.front();
    --host.waiting;
    --waiting_;
    waiter.host_ = nullptr;
    waiter.wake();
  }
}

bool HostGate::take_retry(const std::string& origin) {
  Host& host = host_of(origin);
  if (host.retries_left < 1) return false;
  --host.retries_left;
  return true;
}

bool HostGate::lower_slots() noexcept {
  const std::size_t lower = std::max<std::size_t>(taken_, 2) - 1;
  if (lower >= slots_) return false;
  slots_ = lower;
  return true;
}

bool HostGate::rate_holds() const noexcept {
  const bool wanted = !turns_->empty() || !vacancies_.empty();
  return wanted && taken_ < slots_ && !options_.rate.allows(loop_.now());
}

std::vector<HostGate::HostRow> HostGate::table() const {
  std::vector<HostRow> rows;
  const async::TimePoint now = loop_.now();
  for (const auto& [origin, host] : hosts_) {
    if (host->running == 0 && host->waiting == 0 && host->parked_until <= now) continue;
    HostRow row;
    row.origin = origin;
    row.running = host->running;
    row.waiting = host->waiting;
    row.parked_until = host->parked_until;
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const HostRow& a, const HostRow& b) { return a.origin < b.origin; });
  return rows;
}

}  // namespace leat::http
