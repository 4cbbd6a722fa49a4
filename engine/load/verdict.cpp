#include "engine/load/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace leat::load {

namespace {

using Kind = Verdict::Kind;

// A share of one core. At 95 % a thread is never idle between two polls.
constexpr double kBusy = 0.95;
constexpr double kRatherBusy = 0.85;
constexpr double kLongWait = 0.1;  // a share of the time
// Lags that are short beside what is measured do no harm, however many milliseconds they are. Like is
// compared with like: after a server's pause all answers come at once, so the next requests are sent late.
// That is little beside the times of that very pause, and much beside a median.
constexpr double kLongLag = 5e6;   // ns; and longer than the service time: saturated
constexpr double kShortLag = 1e6;  // ns; and a tenth of the service time: suspect
constexpr double kShareOfService = 0.1;
constexpr std::array kPercents{50.0, 90.0, 99.0};
constexpr std::array kPercentNames{"medians", "90th percentiles", "99th percentiles"};
constexpr double kFurthestFromLittle = 0.1;
constexpr std::uint64_t kFewestLags = 100;
constexpr std::uint64_t kFewestRequests = 10;

std::string short_time(double ns) {
  return ns < 1e6 ? fmt::format("{:.0f} us", ns / 1e3) : fmt::format("{:.1f} ms", ns / 1e6);
}

class Judge {
 public:
  Judge(const LoadPlan& plan, const LoadResult& result) : plan_(plan), result_(result) {}

  Verdict verdict() {
    if (result_.totals.sent + result_.totals.dropped == 0) return {};
    judge_limits();
    if (result_.totals.sent < kFewestRequests && result_.totals.dropped == 0 && verdict_.kind == Kind::ok) {
      verdict_.kind = Kind::none;
      verdict_.reason = "so few requests show nothing of the client";
      return std::move(verdict_);
    }
    judge_cpu();
    judge_wait();
    if (plan_.mode == LoadPlan::Mode::open) {
      judge_lag(result_.client.schedule_lag, "requests left {} after they could have been sent");
    }
    judge_lag(result_.client.loop_lag, "a turn of the client's loop took {}");
    judge_little();
    return std::move(verdict_);
  }

 private:
  void find(Kind kind, std::string reason) {
    if (kind <= verdict_.kind) return;
    verdict_.kind = kind;
    verdict_.reason = std::move(reason);
  }

  // What the server would have done with those connections is not known.
  void judge_limits() {
    const auto& client = result_.client;
    if (client.without_descriptor > 0) {
      find(Kind::saturated,
           fmt::format("{} requests got no connection, because file descriptors were used up: "
                       "ulimit -n raises their number, or -c lowers what is needed",
                       client.without_descriptor));
    }
    if (client.without_port > 0) {
      find(Kind::saturated,
           fmt::format("{} requests got no connection, because this machine's ports were used "
                       "up: keep connections, or see ip_local_port_range in ip(7)",
                       client.without_port));
    }
  }

  void judge_cpu() {
    const auto busiest = std::max_element(result_.client.cpu.begin(), result_.client.cpu.end());
    if (busiest == result_.client.cpu.end() || *busiest < kRatherBusy) return;
    const auto thread = busiest - result_.client.cpu.begin() + 1;
    const auto threads = result_.client.cpu.size();
    find(*busiest >= kBusy ? Kind::saturated : Kind::suspect,
         fmt::format("thread {} of {} used {:.0f} % of a core{}", thread, threads, *busiest * 100,
                     threads == 1 ? "; more --threads may help" : ""));
  }

  // Others use its core: it can be the limit without ever being busy.
  void judge_wait() {
    const auto& client = result_.client;
    for (std::size_t i = 0; i < std::min(client.cpu.size(), client.waited.size()); ++i) {
      if (client.waited[i] < kLongWait) continue;
      const bool never_idle = client.cpu[i] + client.waited[i] >= kBusy;
      find(
          never_idle || missed_rate() ? Kind::saturated : Kind::suspect,
          fmt::format("thread {} of {} was ready to run for {:.0f} % of the time while others had its core{}",
                      i + 1, client.cpu.size(), client.waited[i] * 100,
                      never_idle      ? ", and was never idle"
                      : missed_rate() ? ", and some planned requests were never sent"
                                      : ""));
    }
  }

  // An open loop could not send what was planned.
  [[nodiscard]] bool missed_rate() const {
    const auto& totals = result_.totals;
    return plan_.mode == LoadPlan::Mode::open && totals.dropped * 100 > totals.scheduled;
  }

  void judge_lag(const Histogram& lags, std::string_view text) {
    if (lags.count() < kFewestLags) return;
    for (std::size_t i = 0; i < kPercents.size(); ++i) {
      const auto lag = static_cast<double>(lags.percentile(kPercents[i]).value);
      const auto service = static_cast<double>(result_.latency.service.percentile(kPercents[i]).value);
      if (service <= 0) return;
      Kind kind = Kind::ok;
      if (lag > std::max(kShortLag, service * kShareOfService)) kind = Kind::suspect;
      if (lag > std::max(kLongLag, service)) kind = Kind::saturated;
      find(kind, fmt::format("{}, beside a service time of {} ({})",
                             fmt::format(fmt::runtime(text), short_time(lag)), short_time(service),
                             kPercentNames[i]));
    }
  }

  void judge_little() {
    const double in_flight = result_.client.mean_in_flight;
    const double in_service = result_.client.mean_in_service;
    if (in_service <= 0) return;
    verdict_.little = in_flight / in_service;
    if (std::abs(*verdict_.little - 1) > kFurthestFromLittle) {
      find(Kind::suspect,
           fmt::format("{:.1f} requests were in flight on average, but their service times give "
                       "{:.1f}: times are missing (Little's law)",
                       in_flight, in_service));
    }
  }

  const LoadPlan& plan_;
  const LoadResult& result_;
  Verdict verdict_;
};

}  // namespace

std::string_view to_string(Verdict::Kind kind) noexcept {
  switch (kind) {
    case Kind::none:
      return "none";
    case Kind::ok:
      return "ok";
    case Kind::suspect:
      return "suspect";
    case Kind::saturated:
      return "saturated";
  }
  return "ok";
}

Verdict judge(const LoadPlan& plan, const LoadResult& result) { return Judge(plan, result).verdict(); }

}  // namespace leat::load
