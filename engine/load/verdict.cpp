#include "engine/load/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace leat::load {

namespace {

using Kind = Verdict::Kind;

// Of a core. At 95 % a thread is never idle between two polls.
constexpr double kBusy = 0.95;
constexpr double kRatherBusy = 0.85;
constexpr double kLongWait = 0.1;  // of the time
// Lags that are short beside what is measured do no harm, whatever they are in milliseconds.
constexpr double kLongLag = 5e6;   // ns; and longer than the median: saturated
constexpr double kShortLag = 1e6;  // ns; and a tenth of the median: suspect
constexpr double kShareOfMedian = 0.1;
constexpr double kFurthestFromLittle = 0.1;
constexpr std::uint64_t kFewestForLittle = 1000;
constexpr std::uint64_t kFewestLags = 100;

class Judge {
 public:
  Judge(const LoadPlan& plan, const LoadResult& result) : plan_(plan), result_(result) {}

  Verdict verdict() {
    judge_cpu();
    judge_wait();
    const double median = static_cast<double>(result_.latency.service.percentile(50).value);
    if (plan_.mode == LoadPlan::Mode::open) {
      judge_lag(result_.client.schedule_lag, median,
                "requests left {} after they could have gone (99th percentile), beside a median of {}");
    }
    judge_lag(result_.client.loop_lag, median,
              "a turn of the client's loop took {} (99th percentile), beside a median response of {}");
    judge_little();
    return std::move(verdict_);
  }

 private:
  void find(Kind kind, std::string reason) {
    if (kind <= verdict_.kind) return;
    verdict_.kind = kind;
    verdict_.reason = std::move(reason);
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

  // Others on its core: it can be the limit without ever being busy.
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
                      : missed_rate() ? ", and requests that were planned never went"
                                      : ""));
    }
  }

  // An open loop that could not send what was planned.
  [[nodiscard]] bool missed_rate() const {
    const auto& totals = result_.totals;
    return plan_.mode == LoadPlan::Mode::open && totals.dropped * 100 > totals.scheduled;
  }

  void judge_lag(const Histogram& lags, double median, std::string_view text) {
    if (lags.count() < kFewestLags || median <= 0) return;
    const auto lag = static_cast<double>(lags.percentile(99).value);
    Kind kind = Kind::ok;
    if (lag > std::max(kShortLag, median * kShareOfMedian)) kind = Kind::suspect;
    if (lag > std::max(kLongLag, median)) kind = Kind::saturated;
    const auto ms = [](double ns) { return fmt::format("{:.1f} ms", ns / 1e6); };
    find(kind, fmt::format(fmt::runtime(text), ms(lag), ms(median)));
  }

  void judge_little() {
    const Histogram& service = result_.latency.service;
    const double seconds = std::chrono::duration<double>(result_.measured).count();
    // What lies across the ends of the measured time is in one side of the law only.
    if (service.count() < kFewestForLittle || seconds < 20 * service.mean() / 1e9) return;
    if (service.censored() * 1000 > service.total()) return;
    const double held = static_cast<double>(service.count()) / seconds * service.mean() / 1e9;
    if (held <= 0) return;
    verdict_.little = result_.client.mean_in_flight / held;
    if (std::abs(*verdict_.little - 1) > kFurthestFromLittle) {
      find(Kind::suspect,
           fmt::format("{:.1f} requests were in flight on average, but rate times service time "
                       "gives {:.1f}: times are missing (Little's law)",
                       result_.client.mean_in_flight, held));
    }
  }

  const LoadPlan& plan_;
  const LoadResult& result_;
  Verdict verdict_;
};

}  // namespace

std::string_view to_string(Verdict::Kind kind) noexcept {
  switch (kind) {
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
