#include "cli/bench/bench_config.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>

#include "cli/bench/bench_targets.hpp"
#include "cli/bench/expectation.hpp"
#include "cli/options/as_typed.hpp"
#include "cli/options/hints/meant.hpp"
#include "cli/options/option_value.hpp"
#include "cli/options/request_options.hpp"
#include "cli/terminal/version.hpp"
#include "engine/dns/name_service.hpp"
#include "engine/http/connect/proxies.hpp"
#include "engine/http/message/url.hpp"
#include "engine/http/tls/ca_file.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/plain_text.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"
#include "pipelines/record/checksum.hpp"

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

/// Turns what was typed into what is true, one group of options a function; the first Error ends it.
class Validation {
 public:
  Validation(const Given& given, System& system) : given_(given), system_(system) {}

  Result<BenchConfig> run() {
    for (const auto step :
         {&Validation::load, &Validation::arrivals, &Validation::connections, &Validation::protocol,
          &Validation::expectations, &Validation::data, &Validation::targets, &Validation::versus,
          &Validation::team, &Validation::report}) {
      if (auto error = (this->*step)()) return std::move(*error);
    }
    return std::move(config_);
  }

 private:
  LoadPlan& plan() noexcept { return config_.plan; }

  Status load() {
    plan().concurrency = kConcurrency;
    plan().threads = std::max(1U, std::thread::hardware_concurrency());
    given_.read("concurrency", plan().concurrency);
    given_.read("requests", plan().requests);
    given_.read("duration", plan().measured);
    given_.read("threads", plan().threads);
    given_.read("warmup", plan().warmup);
    given_.read("seed", plan().seed);
    // More slots than requests would only be connections that nobody uses.
    if (plan().requests > 0) {
      plan().concurrency =
          static_cast<std::size_t>(std::min<std::uint64_t>(plan().concurrency, plan().requests));
    }
    plan().threads = std::min({plan().threads, plan().concurrency, kMostThreads});
    if (!given_.has("requests") && !given_.has("duration") && !given_.has("stages"))
      plan().measured = kDuration;
    return std::nullopt;
  }

  Status arrivals() {
    if (given_.has("rate") || given_.has("stages") || given_.has("burst")) plan().mode = LoadPlan::Mode::open;
    const bool open = plan().mode == LoadPlan::Mode::open;
    given_.read("rate", plan().rate);
    given_.read("arrival", plan().arrival);
    given_.read("think", plan().think);
    if (given_.has("arrival") && !open) return bad("--arrival: given without a rate; give -R or --stages");
    if (given_.has("think") && open) return bad("--think: given with a rate, which decides when requests go");
    if (auto error = bursts()) return error;
    given_.read("ramp-up", plan().ramp_up);
    if (given_.has("ramp-up") && open) {
      return bad("--ramp-up: given with a rate; --stages makes a rate rise");
    }
    return stages();
  }

  Status bursts() {
    if (given_.has("burst") != given_.has("every")) {
      return bad(given_.has("burst")
                     ? "--burst: given without --every, the time from one burst to the next"
                     : "--every: given without --burst, how many requests are sent each time");
    }
    if (!given_.has("burst")) return std::nullopt;
    for (const std::string_view name : {"rate", "stages", "arrival", "find-rate"}) {
      if (given_.has(name))
        return bad(fmt::format("--burst: given with --{}; it says when requests go", name));
    }
    given_.read("burst", plan().burst);
    given_.read("every", plan().every);
    plan().rate = static_cast<double>(plan().burst) / async::in_seconds(plan().every);
    return std::nullopt;
  }

  Status stages() {
    if (!given_.has("stages")) return std::nullopt;
    if (given_.has("rate")) return bad("--stages: given with --rate; the stages say the rates");
    if (given_.has("duration")) return bad("--stages: given with --duration; the stages say how long");
    const std::string text = given_.text("stages");
    auto parsed = parse_stages(text);
    if (!parsed) return not_taken("--stages", text, kStagesTakes);
    plan().stages = std::move(*parsed);
    return std::nullopt;
  }

  Status connections() {
    given_.read("timeout", plan().timeout);
    given_.read("connect-timeout", plan().connect_timeout);
    given_.read("dns-ttl", plan().dns_ttl);
    if (given_.has("drain")) given_.read("drain", plan().drain.emplace());
    if (given_.has("ipv4")) plan().ip = http::WireOptions::Ip::v4;
    if (given_.has("ipv6")) plan().ip = http::WireOptions::Ip::v6;
    if (given_.has("ipv4") && given_.has("ipv6")) {
      return bad("-4: given together with -6; give one, or neither to use addresses of both families");
    }
    plan().keepalive = !given_.has("no-keepalive");
    plan().insecure = given_.has("insecure");
    plan().resolve = given_.texts("resolve");
    for (const auto& entry : plan().resolve) {
      if (http::FixedAddresses::check(entry))
        return not_taken("--resolve", entry, "HOST:PORT:ADDRESS[,ADDRESS]...");
    }
    plan().ca_file = given_.text("cacert");
    if (!plan().ca_file.empty()) {
      if (const auto error = system_.check_readable(plan().ca_file)) {
        return bad(fmt::format("--cacert: {}: {}", text::in_quotes(plan().ca_file), error->message));
      }
      if (const auto error = http::check_ca_file(plan().ca_file)) {
        return bad(fmt::format("--cacert: {}", text::escaped(error->message)));
      }
    }
    constexpr std::size_t kMostPath = 107;
    plan().unix_socket = given_.text("unix-socket");
    if (plan().unix_socket.size() > kMostPath) {
      return not_taken("--unix-socket", plan().unix_socket, "a path of at most 107 bytes");
    }
    if (auto error = certificate()) return error;
    if (given_.has("proxy")) {
      plan().proxy = given_.text("proxy");
      const auto proxy = http::parse_proxy(plan().proxy);
      if (!proxy) return bad("--proxy: what was given (not shown) is no proxy: " + proxy.error().message);
    }
    return std::nullopt;
  }

  // A pass phrase that is missing is not asked for: a benchmark often runs where nobody is.
  Status certificate() {
    http::WireOptions wire;
    wire.proxy = "";
    wire.cert = plan().cert = given_.text("cert");
    wire.key = plan().key = given_.text("key");
    wire.key_password = plan().key_password = given_.text("pass");
    wire.connect_to = plan().connect_to = given_.texts("connect-to");
    auto error = http::check_wire(wire);
    if (error) error->message = as_typed(given_, pipelines::kBench, error->message);
    return error;
  }

  Status protocol() {
    const bool knows = given_.has("http2-prior-knowledge");
    plan().http2 = given_.has("http2") || knows;
    plan().full = given_.has("full");
    if (knows && plan().full) {
      return bad("--http2-prior-knowledge: given with --full, whose HTTP/2 needs TLS; give --http2");
    }
    plan().http1_0 = given_.has("http1.0");
    plan().path_as_is = given_.has("path-as-is");
    plan().resumes_tls = !given_.has("no-sessionid");
    if (!plan().resumes_tls && plan().full) {
      return bad("--no-sessionid: given together with --full, which can't do it");
    }
    for (const std::string_view name : {"http1.0", "path-as-is"}) {
      if (given_.has(name) && (plan().full || plan().http2)) {
        return bad(fmt::format("--{}: given together with {}, which can't do it", name,
                               plan().full ? "--full" : "HTTP/2"));
      }
    }
    if (given_.has("streams") && !plan().http2) return bad("--streams: given without --http2");
    if (given_.has("streams") && !plan().keepalive) {
      return bad("--streams: given with --no-keepalive, which makes a connection for each request");
    }
    given_.read("streams", plan().streams);
    return std::nullopt;
  }

  // What a good answer is.
  Status expectations() {
    if (given_.has("expect-status")) {
      std::vector<pipelines::StatusRange> statuses;
      given_.read("expect-status", statuses);
      for (const auto& range : statuses) plan().expected.emplace_back(range.first, range.last);
    }
    if (given_.has("expect-body-size")) given_.read("expect-body-size", plan().expected_size.emplace());
    if (given_.has("expect-sha256")) {
      const std::string text = given_.text("expect-sha256");
      auto hex = pipelines::checksum_hex(pipelines::DigestKind::sha256, text);
      if (!hex) return not_taken("--expect-sha256", text, "64 hexadecimal digits, as sha256sum prints them");
      config_.report.expect_sha256 = *hex;
      plan().judges = sha256_judges(std::move(*hex));
    }
    config_.report.expect = given_.text("expect");
    plan().samples_answers = given_.has("expect");
    return given_.has("expect") ? check_expectation(config_.report.expect) : std::nullopt;
  }

  Status data() {
    if (!given_.has("data-csv")) return std::nullopt;
    const std::string file = given_.text("data-csv");
    const auto text = system_.read_file(file);
    if (!text) return bad(fmt::format("--data-csv: {}: {}", text::in_quotes(file), text.error().message));
    auto rows = std::make_shared<load::DataRows>();
    if (const auto error = read_data(text::plain_text(text.value()), defaults_.columns, *rows)) {
      return bad(fmt::format("--data-csv: {}: {}", text::in_quotes(file), error->message));
    }
    plan().data = std::move(rows);
    defaults_.rows = plan().data.get();
    return std::nullopt;
  }

  Status targets() {
    auto request = read_request_options(given_, system_);
    if (!request) return std::move(request.error());
    plan().user_agent =
        given_.has("user-agent") ? given_.text("user-agent") : fmt::format("leat/{}", leat_version());
    plan().userpwd = std::move(request->userpwd);
    defaults_.method = std::move(request->method);
    defaults_.headers = std::move(request->headers);
    defaults_.body = std::move(request->body);
    if (auto error = cookies()) return error;
    if (given_.operands.empty() == !given_.has("input")) {
      return bad(given_.operands.empty() ? "nothing to send requests to; give a URL, or -i FILE"
                                         : "--input: given together with URLs; give one or the other");
    }
    if (auto error = check_url_words(given_.operands, system_)) return error;
    for (const auto& url : given_.operands) {
      auto target = target_of_url(url, defaults_);
      if (!target)
        return bad(
            fmt::format("{}: {}", text::in_quotes(http::without_userinfo(url)), target.error().message));
      plan().targets.push_back(std::move(*target));
    }
    for (const auto& path : given_.texts("input")) {
      if (auto error = targets_of(path)) return error;
    }
    if (auto error = check_framing()) return error;
    for (const auto& target : plan().targets) {
      if (auto error = check_protocol_of(target)) return error;
    }
    return std::nullopt;
  }

  Status versus() {
    if (!given_.has("vs")) return std::nullopt;
    if (given_.has("find-rate")) return bad("--vs: given together with --find-rate; give one or the other");
    const std::string url = given_.text("vs");
    auto target = target_of_url(url, defaults_);
    if (!target) {
      return bad(
          fmt::format("--vs: {}: {}", text::in_quotes(http::without_userinfo(url)), target.error().message));
    }
    if (auto error = check_protocol_of(*target)) return error;
    config_.report.versus = std::move(*target);
    return check_versus(given_, plan());
  }

  Status team() {
    for (const std::string_view name : {"size", "team-wait"}) {
      if (given_.has(name) && !given_.has("team"))
        return bad(fmt::format("--{}: given without --team", name));
    }
    if (!given_.has("team")) return std::nullopt;
    if (!given_.has("size")) return bad("--team: given without --size, how many members it has");
    if (given_.has("abort-on")) {
      return bad("--abort-on: given with --team, of whose load a member sees only its own while it runs");
    }
    auto url = redis::parse_redis_url(given_.text("team"), "team");
    if (!url) return bad("--team: " + url.error().message);
    TeamOptions& team = config_.report.team.emplace();
    team.url = std::move(*url);
    given_.read("size", team.size);
    given_.read("team-wait", team.wait);
    if (plan().connections() >= team.size) return std::nullopt;
    return bad(fmt::format("--size: {} members can't share {} connection{}; give a higher -c, or -n",
                           team.size, plan().connections(), plan().connections() == 1 ? "" : "s"));
  }

  Status report() { return read_report_options(given_, system_, config_.report); }

  Status targets_of(const std::string& path) {
    if (const auto option = option_that_reads_stdin(given_); path == "-" && !option.empty()) {
      return bad(fmt::format("--{}: @- reads standard input, and so does -i -", option));
    }
    const auto text = system_.read_file(path);
    if (!text) return bad(fmt::format("--input: {}: {}", text::in_quotes(path), text.error().message));
    auto targets = read_targets(text::plain_text(text.value()), defaults_);
    if (!targets) return bad(fmt::format("--input: {}: {}", text::in_quotes(path), targets.error().message));
    for (auto& target : *targets) plan().targets.push_back(std::move(target));
    return std::nullopt;
  }

  Status cookies() {
    std::string all;
    for (const auto& text : given_.texts("cookie")) {
      if (text.find('=') == std::string::npos) {
        return not_taken("--cookie", text,
                         "cookies such as \"name=value; other=2\"; files of them are not read");
      }
      all += (all.empty() ? "" : "; ") + text;
    }
    if (all.empty()) return std::nullopt;
    std::string field = "Cookie: " + all;
    if (http::check_header(field)) return bad("--cookie: what was given (not shown) can't stand in a header");
    defaults_.headers.push_back(std::move(field));
    return std::nullopt;
  }

  // The body says how long it is. A second framing that differs is how requests are smuggled (RFC
  // 9112, 11.2).
  Status check_framing() {
    for (const auto& target : plan().targets) {
      if (!target.has_body) continue;
      for (const auto& field : target.headers) {
        const std::string_view text =
            field.empty() ? std::string_view() : std::string_view(field.front().text);
        const std::string_view name = text.substr(0, text.find_first_of(":;"));
        if (!text::equal_ignoring_case(name, "content-length") &&
            !text::equal_ignoring_case(name, "transfer-encoding")) {
          continue;
        }
        return bad(
            fmt::format("--header: {} given together with a body, whose length is sent already; leave "
                        "one of them out",
                        text::in_quotes(name)));
      }
    }
    return std::nullopt;
  }

  // Without TLS there is nothing by which a server could agree.
  Status check_protocol_of(const load::Target& target) const {
    if (!config_.plan.http2 || given_.has("http2-prior-knowledge") || target.url.starts_with("https:")) {
      return std::nullopt;
    }
    return bad(fmt::format("--http2: {} is not https; HTTP/2 without TLS is --http2-prior-knowledge",
                           text::in_quotes(http::without_userinfo(target.url))));
  }

  const Given& given_;
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

Result<BenchConfig> read_bench_config(const Given& given, System& system) {
  return Validation(given, system).run();
}

}  // namespace leat::cli
