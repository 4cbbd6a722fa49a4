#include "engine/load/full_driver.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/async/beside.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/sleep.hpp"
#include "engine/http/hop_report.hpp"
#include "engine/load/plan_connections.hpp"

namespace leat::load {

namespace {

using async::Duration;
using async::TimePoint;
using namespace std::chrono_literals;

constexpr Duration kFirstDrain{1s};   // longer if what was measured takes longer
constexpr Duration kFirstPause{1ms};  // the pause after a connection that was not made, as in FastDriver
constexpr unsigned kMostDoublings = 2;
constexpr Duration kLook{20ms};  // how often a task that waits for its turn checks whether there still is one

// The request found no connection.
bool is_about_connecting(const Error& error) noexcept {
  switch (error.code) {
    case Errc::dns_failed:
    case Errc::dns_timeout:
    case Errc::connect_refused:
    case Errc::connect_timeout:
    case Errc::connect_failed:
    case Errc::tls_failed:
    case Errc::tls_untrusted:
      return true;
    default:
      return false;
  }
}

std::string address_of(const http::Response& response, const LoadPlan& plan) {
  if (response.remote_ip.empty() || !plan.unix_socket.empty()) return "";
  return http::address_text(response.remote_ip, response.remote_port);
}

http::ConnectTimes connect_times(const http::Response& response) {
  const auto between = [](double from, double to) { return async::from_seconds(std::max(0.0, to - from)); };
  http::ConnectTimes times;
  times.dns = between(0, response.time_namelookup);
  times.connect = between(response.time_namelookup, response.time_connect);
  times.tls = between(response.time_connect, response.time_appconnect);
  return times;
}

}  // namespace

/// Counts a body and notes when it began.
class FullDriver::CountingSink final : public http::BodySink {
 public:
  CountingSink(async::EventLoop& loop, Exchange& exchange) : loop_(loop), exchange_(exchange) {}
  Status begin(const http::ResponseHead& head) override {
    exchange_.first_byte = loop_.now();
    if (exchange_.body != nullptr) exchange_.body->restart();
    exchange_.bytes_in += head.headers.size_bytes();  // if it fails; otherwise the end knows better
    return std::nullopt;
  }
  Status write(std::string_view bytes) override {
    exchange_.body_bytes += bytes.size();
    if (exchange_.body != nullptr) exchange_.body->take(bytes);
    exchange_.bytes_in += bytes.size();
    return std::nullopt;
  }

 private:
  async::EventLoop& loop_;
  Exchange& exchange_;
};

FullDriver::FullDriver(async::EventLoop& loop, const LoadPlan& plan, DriverPart part)
    : loop_(loop),
      plan_(plan),
      book_(plan, part.thread, part.threads),
      recorder_(plan, part.thread, part.slices, part.samples),
      turns_(plan, part),
      slots_(part.slots),
      first_slot_(part.first_slot),
      pacer_(loop),
      client_(loop, client_options(plan, part, slots_)) {}

async::Task<void> FullDriver::prepare() { co_return; }

async::Task<LoadResult> FullDriver::run(TimePoint start) {
  turns_.start(start);
  start_ = start;
  recorder_.start(turns_.begin(), turns_.end());
  if (stopped_) turns_.end_at(start);
  if (turns_.end() != TimePoint::max())
    drained_ = async::later(turns_.end(), plan_.drain.value_or(kFirstDrain));
  co_await async::sleep_until(start);
  auto sending = async::beside(send_all(), watch_time(), "time");
  const TimePoint end = co_await std::move(sending);
  while (const auto planned = turns_.take_dropped()) {
    recorder_.dropped(static_cast<std::uint32_t>(book_.pick()), *planned);
  }
  co_return recorder_.finish(end);
}

// The time by which everything is answered or given up.
async::Task<TimePoint> FullDriver::send_all() {
  for (std::size_t i = 0; i < slots_; ++i) {
    const TimePoint from = async::later(start_, slot_delay(plan_, first_slot_ + i));
    async::spawn_in(*this, send_in_turn(from), "slot");
  }
  co_await ended_.wait();
  while (!turns_.over(loop_.now())) {  // the last gap of a schedule
    co_await async::sleep_until(std::min(loop_.now() + kLook, turns_.end()));
  }
  co_return loop_.now();
}

void FullDriver::stop() noexcept {
  const TimePoint now = loop_.now();
  turns_.end_at(now);
  recorder_.end_at(now);
  hurries_ = std::exchange(stopped_, true);
  const Duration drain = hurries_ ? Duration::zero() : plan_.drain.value_or(kFirstDrain);
  drained_ = std::min(drained_, async::later(now, drain));
}

void FullDriver::on_end(async::TaskState&) noexcept {
  if (empty()) ended_.set();
}

// Slices also end when nothing comes, and requests without an answer are given up.
async::Task<void> FullDriver::watch_time() {
  for (;;) {
    const TimePoint now = loop_.now();
    recorder_.look(now);
    // How long the answers take may be known only now.
    if (now >= drained_ && !hurries_) drained_ = async::later(turns_.end(), recorder_.drain());
    if (now >= drained_) cancel_all();
    const TimePoint soonest = std::min({recorder_.slice_end(), drained_, now + kLook});
    co_await async::sleep_until(std::max(soonest, now + 1ms));
  }
}

async::Task<void> FullDriver::send_in_turn(TimePoint from) {
  unsigned failures = 0;  // to connect, in a row
  bool was_busy = false;  // what is planned for the start waits for no slot
  while (loop_.now() < from && !turns_.over(loop_.now())) {
    co_await async::sleep_until(std::min(from, loop_.now() + kLook));
  }
  while (!turns_.over(loop_.now())) {
    const TimePoint asked = loop_.now();
    const TimePoint planned = turns_.take(asked);
    while (loop_.now() < planned && planned < turns_.end()) {
      auto waiting = pacer_.wait_until(std::min(planned, loop_.now() + kLook));
      co_await std::move(waiting);
    }
    if (planned >= turns_.end()) co_return;
    if (plan_.mode == LoadPlan::Mode::open) {
      if (was_busy && planned < asked) recorder_.waited_for_slot(planned);
      recorder_.schedule_lag(loop_.now() - std::max(planned, asked));
    }
    was_busy = true;
    auto sending = send(planned);
    const bool connected = co_await std::move(sending);
    Duration rest = plan_.think;
    if (!connected) rest = std::max(rest, kFirstPause * (1U << std::min(failures, kMostDoublings)));
    failures = connected ? 0 : failures + 1;
    if (rest.count() > 0) co_await async::sleep_for(rest);
  }
}

// False if it found no connection.
async::Task<bool> FullDriver::send(TimePoint planned) {
  const std::size_t target = book_.pick();
  RequestBook::Written written = book_.write_parts(target);
  http::Request request(std::move(written.url));
  request.method = plan_.targets[target].method;
  request.headers = std::move(written.headers);
  if (plan_.targets[target].has_body) request.body = std::move(written.body);
  Exchange exchange;
  exchange.target = static_cast<std::uint32_t>(target);
  exchange.sent = loop_.now();
  exchange.planned = plan_.mode == LoadPlan::Mode::open ? planned : exchange.sent;
  exchange.first_byte = exchange.sent;
  BodyWatch body;
  if (plan_.looks_at_bodies()) {
    if (plan_.judges) body.judge_by(plan_.judges());
    exchange.body = &body;
    body.begin(recorder_.wants_answer(exchange.planned));
  }
  recorder_.look(exchange.sent);
  recorder_.sent(exchange);
  CountingSink sink(loop_, exchange);
  http::Traffic traffic;
  try {
    auto performing = client_.perform(request, sink, traffic);
    const auto response = co_await std::move(performing);
    exchange.ended = loop_.now();
    exchange.bytes_in = traffic.head_bytes + traffic.received;
    exchange.bytes_out = traffic.sent;
    exchange.resent = static_cast<std::uint32_t>(traffic.resent);
    recorder_.look(exchange.ended);
    if (response.ok()) {
      exchange.address = recorder_.number_of(address_of(response.value(), plan_));
      if (response.value().connected_anew) {
        recorder_.connected(connect_times(response.value()), exchange.address);
        traffic.connections -= std::min<std::uint64_t>(traffic.connections, 1);
      }
      exchange.status = response.value().head.status;
      recorder_.answered(exchange);
    } else {
      recorder_.failed(exchange, response.error());
    }
    recorder_.connected_untimed(traffic.connections);
    co_return response.ok() || !is_about_connecting(response.error());
  } catch (const async::Cancelled&) {
    exchange.ended = loop_.now();
    recorder_.left(exchange, !hurries_);
    throw;
  }
}

std::unique_ptr<Driver> make_full_driver(async::EventLoop& loop, const LoadPlan& plan, DriverPart part) {
  return std::make_unique<FullDriver>(loop, plan, std::move(part));
}

}  // namespace leat::load
