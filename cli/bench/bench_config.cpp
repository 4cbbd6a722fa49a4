#include "cli/bench/bench_config.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "cli/bench/bench_targets.hpp"
#include "cli/options/option_value.hpp"
#include "cli/options/request_options.hpp"
#include "engine/dns/name_service.hpp"
#include "engine/http/connect/proxies.hpp"
#include "engine/http/message/url.hpp"
#include "engine/http/tls/ca_file.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

namespace {

using load::Arrival;
using load::LoadPlan;
using load::RateStage;

constexpr std::size_t kConcurrency = 50;
constexpr std::size_t kMostThreads = 64;
constexpr async::Duration kDuration{std::chrono::seconds(10)};
constexpr std::string_view kStagesTakes = "stages such as 10s@100,30s@100..1000: a time, and a rate or two";

Error bad(std::string message) { return Error(Errc::bad_input, std::move(message)); }

// 0 is a rate where a ramp begins or ends.
std::optional<double> parse_ramp_rate(std::string_view text) {
  return text == "0" ? std::optional(0.0) : text::parse_rate(text);
}

// A time that must be more than none.
Status read_positive_time(std::string_view option, const std::optional<std::string>& given,
                          async::Duration& target) {
  if (auto error = read_time(option, given, target)) return error;
  if (given && target.count() <= 0) {
    return not_taken(option, *given, fmt::format("more than 0: {}", text::kDurationTakes));
  }
  return std::nullopt;
}

/// Turns what was typed into what is true, one group of options a function; the first Error ends it.
class Validation {
 public:
  Validation(const BenchOptions& options, System& system) : options_(options), system_(system) {}

  Result<BenchConfig> run() {
    for (const auto step :
         {&Validation::load, &Validation::arrivals, &Validation::connections, &Validation::protocol,
          &Validation::data, &Validation::targets, &Validation::versus, &Validation::report}) {
      if (auto error = (this->*step)()) return std::move(*error);
    }
    return std::move(config_);
  }

 private:
  LoadPlan& plan() noexcept { return config_.plan; }

  Status load() {
    plan().concurrency = kConcurrency;
    plan().threads = std::max(1U, std::thread::hardware_concurrency());
    if (auto e = read_count("--concurrency", options_.concurrency, 1, 65535, plan().concurrency)) return e;
    if (auto e = read_count("--requests", options_.requests, 1, 1'000'000'000'000, plan().requests)) return e;
    if (auto e = read_positive_time("--duration", options_.duration, plan().measured)) return e;
    if (auto e = read_count("--threads", options_.threads, 1, kMostThreads, plan().threads)) return e;
    if (auto e = read_time("--warmup", options_.warmup, plan().warmup)) return e;
    if (auto e = read_count("--seed", options_.seed, 0, ~std::uint64_t{0} >> 1, plan().seed)) return e;
    plan().threads = std::min({plan().threads, plan().concurrency, kMostThreads});
    if (!options_.requests && !options_.duration && !options_.stages) plan().measured = kDuration;
    return std::nullopt;
  }

  Status arrivals() {
    constexpr Choice<Arrival> kArrivals[]{{"constant", Arrival::constant}, {"poisson", Arrival::poisson}};
    if (options_.rate || options_.stages) plan().mode = LoadPlan::Mode::open;
    const bool open = plan().mode == LoadPlan::Mode::open;
    if (auto e = read_rate("--rate", options_.rate, plan().rate)) return e;
    if (auto e = read_choice("--arrival", options_.arrival, kArrivals, plan().arrival)) return e;
    if (auto e = read_time("--think", options_.think, plan().think)) return e;
    if (options_.arrival && !open) return bad("--arrival: given without a rate; give -R or --stages");
    if (options_.think && open) return bad("--think: given with a rate, which decides when requests go");
    return stages();
  }

  Status stages() {
    if (!options_.stages) return std::nullopt;
    if (options_.rate) return bad("--stages: given with --rate; the stages say the rates");
    if (options_.duration) return bad("--stages: given with --duration; the stages say how long");
    auto parsed = parse_stages(*options_.stages);
    if (!parsed) return not_taken("--stages", *options_.stages, kStagesTakes);
    plan().stages = std::move(*parsed);
    return std::nullopt;
  }

  Status connections() {
    if (auto e = read_time("--timeout", options_.timeout, plan().timeout)) return e;
    if (auto e = read_time("--connect-timeout", options_.connect_timeout, plan().connect_timeout)) return e;
    if (auto e = read_positive_time("--dns-ttl", options_.dns_ttl, plan().dns_ttl)) return e;
    plan().keepalive = !options_.no_keepalive;
    plan().insecure = options_.insecure;
    for (const auto& entry : options_.resolve) {
      if (http::FixedAddresses::check(entry))
        return not_taken("--resolve", entry, "HOST:PORT:ADDRESS[,ADDRESS]...");
    }
    plan().resolve = options_.resolve;
    if (options_.cacert) {
      if (const auto error = system_.check_readable(*options_.cacert)) {
        return bad(fmt::format("--cacert: {}: {}", text::in_quotes(*options_.cacert), error->message));
      }
      if (const auto error = http::check_ca_file(*options_.cacert)) {
        return bad(fmt::format("--cacert: {}", text::escaped(error->message)));
      }
      plan().ca_file = *options_.cacert;
    }
    if (options_.unix_socket) {
      constexpr std::size_t kMostPath = 107;
      const std::size_t size = options_.unix_socket->size();
      if (size == 0 || size > kMostPath) {
        return not_taken("--unix-socket", *options_.unix_socket, "a path of at most 107 bytes");
      }
      plan().unix_socket = *options_.unix_socket;
    }
    if (options_.proxy) {
      const auto proxy = http::parse_proxy(*options_.proxy);
      if (!proxy) return bad("--proxy: what was given (not shown) is no proxy: " + proxy.error().message);
      plan().proxy = *options_.proxy;
    }
    return std::nullopt;
  }

  Status protocol() {
    plan().http2 = options_.http2;
    plan().full = options_.full || options_.http2;
    if (options_.streams && !options_.http2) return bad("--streams: given without --http2");
    return read_count("--streams", options_.streams, 1, 1000, plan().streams);
  }

  Status data() {
    if (!options_.data_csv) return std::nullopt;
    const auto text = system_.read_file(*options_.data_csv);
    if (!text)
      return bad(
          fmt::format("--data-csv: {}: {}", text::in_quotes(*options_.data_csv), text.error().message));
    auto rows = std::make_shared<load::DataRows>();
    if (const auto error = read_data(text.value(), defaults_.columns, *rows)) {
      return bad(fmt::format("--data-csv: {}: {}", text::in_quotes(*options_.data_csv), error->message));
    }
    plan().data = std::move(rows);
    defaults_.rows = plan().data.get();
    return std::nullopt;
  }

  Status targets() {
    pipelines::FetchArgs request;
    if (auto error = read_request_options(options_, system_, request)) return error;
    plan().user_agent = request.client.user_agent;
    plan().userpwd = request.client.userpwd;
    defaults_.method = request.method;
    defaults_.headers = request.client.headers;
    defaults_.body = request.body;
    if (options_.urls.empty() == options_.inputs.empty()) {
      return bad(options_.urls.empty() ? "nothing to send requests to; give a URL, or -i FILE"
                                       : "--input: given together with URLs; give one or the other");
    }
    for (const auto& url : options_.urls) {
      auto target = target_of_url(url, defaults_);
      if (!target)
        return bad(
            fmt::format("{}: {}", text::in_quotes(http::without_userinfo(url)), target.error().message));
      plan().targets.push_back(std::move(*target));
    }
    for (const auto& path : options_.inputs) {
      if (auto error = targets_of(path)) return error;
    }
    return check_protocol_of_targets();
  }

  Status versus() {
    if (!options_.versus) return std::nullopt;
    if (options_.find_rate) return bad("--vs: given together with --find-rate; give one or the other");
    auto target = target_of_url(*options_.versus, defaults_);
    if (!target) {
      return bad(fmt::format("--vs: {}: {}", text::in_quotes(http::without_userinfo(*options_.versus)),
                             target.error().message));
    }
    config_.report.versus = std::move(*target);
    return check_versus(options_, plan());
  }

  Status report() { return read_report_options(options_, system_, config_.report); }

  Status targets_of(const std::string& path) {
    if (path == "-" && !option_that_reads_stdin(options_).empty()) {
      return bad(
          fmt::format("{}: @- reads standard input, and so does -i -", option_that_reads_stdin(options_)));
    }
    const auto text = system_.read_file(path);
    if (!text) return bad(fmt::format("--input: {}: {}", text::in_quotes(path), text.error().message));
    auto targets = read_targets(text.value(), defaults_);
    if (!targets) return bad(fmt::format("--input: {}: {}", text::in_quotes(path), targets.error().message));
    for (auto& target : *targets) plan().targets.push_back(std::move(target));
    return std::nullopt;
  }

  // 7.88's HTTP/2 without TLS fails when a connection is used again.
  Status check_protocol_of_targets() {
    if (!plan().http2) return std::nullopt;
    for (const auto& target : plan().targets) {
      if (target.url.starts_with("https:")) continue;
      return bad(fmt::format("--http2: {} is not https, without which there is no HTTP/2 here",
                             text::in_quotes(http::without_userinfo(target.url))));
    }
    return std::nullopt;
  }

  const BenchOptions& options_;
  System& system_;
  TargetDefaults defaults_;
  BenchConfig config_;
};

}  // namespace

std::optional<std::vector<RateStage>> parse_stages(std::string_view text) {
  std::vector<RateStage> stages;
  for (const auto one : text::split(text, ',')) {
    const auto at = one.find('@');
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view rates = one.substr(at + 1);
    const auto dots = rates.find("..");
    const auto lasts = text::parse_duration(one.substr(0, at));
    const auto from = parse_ramp_rate(rates.substr(0, dots));
    const auto to = dots == std::string_view::npos ? from : parse_ramp_rate(rates.substr(dots + 2));
    if (!lasts || lasts->count() <= 0 || !from || !to || *from + *to <= 0) return std::nullopt;
    stages.push_back({*lasts, *from, *to});
  }
  return stages;
}

Result<BenchConfig> validate(const BenchOptions& options, System& system) {
  return Validation(options, system).run();
}

}  // namespace leat::cli
