#include "engine/load/load_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "engine/async/beside.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"
#include "engine/load/verdict.hpp"
#include "tests/engine/load/load_fixture.hpp"
#include "tests/support/alerting_server.hpp"
#include "tests/support/black_hole.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/tls_server.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat::load;
using namespace leat::load_test;
using namespace leat::tests;
using namespace std::chrono_literals;
using leat::Errc;
using leat::async::Duration;

namespace {

/// The results of a run's requests.
struct Sums {
  std::uint64_t ok = 0;
  std::uint64_t body_bytes = 0;
  std::map<int, std::uint64_t> by_status;
  std::map<Errc, std::uint64_t> by_error;
  bool operator==(const Sums&) const = default;
};

Sums sums_of(const LoadResult& result) {
  Sums sums{result.totals.ok, result.totals.body_bytes, result.by_status, {}};
  for (const auto& [code, error] : result.by_error) {
    sums.by_error[code] = error.count;
    CHECK_FALSE(error.example.empty());
  }
  return sums;
}

Sums sums(LoadPlan plan, bool full) {
  plan.full = full;
  return sums_of(run_plan(std::move(plan)));
}

// Holds the run up for that long as soon as the server has been asked so often.
leat::async::Task<void> hold_up(LoadRun* run, const OriginProcess* server, std::string path, Duration time) {
  while (server->requests_of(path) < 20) co_await leat::async::sleep_for(1ms);
  run->pause();
  std::this_thread::sleep_for(time);  // which a stop of the process does to this thread, too
  run->go_on();
}

}  // namespace

TEST_CASE("LoadRun: what passes in a pause is in no time that is measured, and the load goes on after it") {
  for (const bool full : {false, true}) {
    for (const auto mode : {LoadPlan::Mode::closed, LoadPlan::Mode::open}) {
      CAPTURE(full);
      CAPTURE(mode == LoadPlan::Mode::open);
      const OriginProcess server;
      LoadPlan plan = plan_of(server.url("/delay/5/x"), 0);
      plan.full = full;
      plan.mode = mode;
      plan.rate = 200;
      plan.measured = 1s;
      plan.threads = 2;
      leat::async::EventLoop loop;
      LoadRun run(loop, plan);
      auto holding = leat::async::beside(run.execute(), hold_up(&run, &server, "/delay/5/x", 600ms), "hold");
      const auto began = std::chrono::steady_clock::now();
      const auto outcome = loop.run(std::move(holding));
      const Duration took = std::chrono::steady_clock::now() - began;
      REQUIRE(outcome.ok());
      const LoadResult& result = outcome.value();
      CHECK(result.paused >= 600ms);
      CHECK(result.measured == 1s);
      CHECK(took >= 1600ms);
      if (mode == LoadPlan::Mode::open) CHECK(result.totals.scheduled == 200);
      const auto verdict = judge(plan, result);
      REQUIRE(verdict.little.has_value());
      CHECK(*verdict.little == doctest::Approx(1).epsilon(0.1));
    }
  }
}

TEST_CASE("LoadRun: the fast path and libcurl's transfers count the same, whatever the server answers") {
  const OriginProcess server;
  for (const std::string path : {"/ok",
                                 "/size/0",
                                 "/size/100000",
                                 "/size/1M",
                                 "/chunked/5000?size=7",
                                 "/chunked/300000?size=65000",
                                 "/close-delimited/1000",
                                 "/status/204",
                                 "/status/304",
                                 "/status/404",
                                 "/status/500",
                                 "/delay/5",
                                 "/truncate/3/10",
                                 "/truncate/100000/200000",
                                 "/truncate-chunked/100",
                                 "/reset/5",
                                 "/empty",
                                 "/many-1xx/5",
                                 "/many-1xx/100",
                                 "/huge-header/50000",
                                 "/huge-header/200000",
                                 "/endless-headers",
                                 "/bad/two-lengths",
                                 "/bad/negative-length",
                                 "/bad/nul-header",
                                 "/bad/both",
                                 "/bad/http09",
                                 "/bad/garbage",
                                 "/bad/bad-chunk",
                                 "/bad/bad-status-line"}) {
    CAPTURE(path);
    const LoadPlan plan = plan_of(server.url(path), 24);
    const Sums fast = sums(plan, false);
    CHECK(fast == sums(plan, true));
  }
}

TEST_CASE("LoadRun: methods, headers and bodies are sent as they were given") {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/echo"), 20);
  plan.targets[0].method = "PUT";
  plan.targets[0].has_body = true;
  plan.targets[0].body = {TextPiece{TextPiece::Kind::text, std::string(70'000, 'x'), 0, false}};
  plan.headers = {"X-One: 1", "Content-Type: text/x"};
  for (const bool full : {false, true}) {
    const Sums sent = sums(plan, full);
    CHECK(sent.ok == 20);
    CHECK(sent.body_bytes == 20 * 70'000);
  }
  plan.targets[0] = Target();
  plan.targets[0].url = server.url("/size/5000");
  plan.targets[0].method = "HEAD";
  for (const bool full : {false, true}) {
    const Sums sent = sums(plan, full);
    CHECK(sent.ok == 20);
    CHECK(sent.body_bytes == 0);
  }
}

TEST_CASE("LoadRun: --full follows redirects, and the fast path measures the redirect itself") {
  const OriginProcess server;
  const LoadPlan plan = plan_of(server.url("/redirect/2"), 10);
  CHECK(sums(plan, false).by_status == std::map<int, std::uint64_t>{{302, 10}});
  CHECK(sums(plan, true).by_status == std::map<int, std::uint64_t>{{200, 10}});
}

TEST_CASE("LoadRun: connections are kept, or made anew for each request") {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/ok"), 200);
  CHECK(run_plan(plan).totals.connections_opened == 4);
  const auto before = server.stats().connections;
  plan.keepalive = false;
  const LoadResult result = run_plan(plan);
  CHECK(result.totals.ok == 200);
  CHECK(result.totals.connections_opened == 200);
  CHECK(result.latency.connect.count() == 200);
  CHECK(server.stats().connections - before == 201);  // one is the request for `stats`
  plan.full = true;
  CHECK(run_plan(plan).totals.connections_opened == 200);
}

TEST_CASE("LoadRun: a request that is never answered times out, is censored, and the run goes on") {
  const OriginProcess server;
  for (const bool full : {false, true}) {
    CAPTURE(full);
    LoadPlan plan = plan_of(server.url("/hang?times=3"), 20, 2);
    plan.timeout = 200ms;
    plan.full = full;
    plan.targets[0].url = server.url(full ? "/hang/a?times=3" : "/hang/b?times=3");
    const LoadResult result = run_plan(plan);
    CHECK(result.totals.timed_out == 3);
    CHECK(result.totals.ok == 17);
    CHECK(result.by_error.at(Errc::timeout).count == 3);
    CHECK(result.latency.response.censored() == 3);
    CHECK(result.latency.response.percentile(99).censored);
    CHECK(result.latency.response.percentile(99).value >= 200'000'000);
    CHECK_FALSE(result.latency.response.percentile(50).censored);
  }
}

TEST_CASE("LoadRun: time-outs end a body without an end and a server that takes no connection") {
  const OriginProcess server;
  const BlackHole hole;
  LoadPlan plan = plan_of(server.url("/endless"), 4, 2);
  plan.timeout = 200ms;
  CHECK(sums(plan, false).by_error == std::map<Errc, std::uint64_t>{{Errc::timeout, 4}});
  plan = plan_of(hole.url("/"), 4, 2);
  plan.connect_timeout = 200ms;
  CHECK(sums(plan, false).by_error == std::map<Errc, std::uint64_t>{{Errc::connect_timeout, 4}});
}

TEST_CASE("LoadRun: a refused connection, a missing name and an untrusted certificate are counted by class") {
  CHECK(sums(plan_of("http://127.0.0.1:1/", 6), false).by_error ==
        std::map<Errc, std::uint64_t>{{Errc::connect_refused, 6}});
  CHECK(sums(plan_of("http://no-such-name.invalid/", 6), false).by_error ==
        std::map<Errc, std::uint64_t>{{Errc::dns_failed, 6}});
  const TlsServer server;
  CHECK(sums(plan_of(server.url(), 6), false).by_error ==
        std::map<Errc, std::uint64_t>{{Errc::tls_untrusted, 6}});
}

TEST_CASE("LoadRun: a new connection resumes the TLS session of an earlier one, unless the plan forbids it") {
  const WireServer nginx;
  struct Way {
    std::string url;
    bool http2 = false;
  };
  // The second server speaks TLS 1.2 only; neither keeps sessions, so all resume by tickets.
  for (const Way& way : {Way{nginx.url()}, Way{nginx.url(), true}, Way{nginx.url("127.0.0.2")}}) {
    CAPTURE(way.url);
    LoadPlan plan = plan_of(way.url, 20, 1);
    plan.http2 = way.http2;
    plan.insecure = true;
    plan.keepalive = false;
    const auto resumed = run_plan(plan).latency;
    CHECK(resumed.tls.count() == 20);
    CHECK(resumed.tls_resumed.count() == 19);
    plan.resumes_tls = false;
    const auto whole = run_plan(plan).latency;
    CHECK(whole.tls.count() == 20);
    CHECK(whole.tls_resumed.count() == 0);
  }
}

TEST_CASE("LoadRun: it works over TLS with a server that keeps no connection") {
  const TlsServer server;
  LoadPlan plan = plan_of(server.url(), 6, 1);  // it accepts one connection at a time
  plan.ca_file = server.certificate();
  const LoadResult result = run_plan(plan);
  CHECK(result.totals.ok == 6);
  CHECK(result.latency.tls.count() >= 6);
  CHECK(result.by_status == std::map<int, std::uint64_t>{{200, 6}});
}

TEST_CASE(
    "LoadRun: a fatal alert of TLS before an answer has a request sent again, if it may be sent twice") {
  const AlertingServer server(5, "");
  LoadPlan plan = plan_of(server.url(), 20, 1);
  plan.insecure = true;
  const LoadResult result = run_plan(plan);
  CHECK(result.totals.ok == 20);
  CHECK(result.totals.resent == 3);
  CHECK(result.totals.connections_opened == 4);
  CHECK(server.requests() == 23);
  CHECK(server.alerts() == 3);
}

TEST_CASE("LoadRun: a fatal alert of TLS is counted as a reset, and is named") {
  const std::string half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
  for (const bool begins : {true, false}) {
    CAPTURE(begins);
    const AlertingServer server(5, begins ? half : "");
    LoadPlan plan = plan_of(server.url(), 20, 1);
    plan.insecure = true;
    if (!begins) plan.targets[0].method = "POST";  // which is not sent twice
    const LoadResult result = run_plan(plan);
    CHECK(result.totals.ok == 17);
    CHECK(result.totals.failed == 3);
    CHECK(result.totals.resent == 0);
    CHECK(server.requests() == 20);
    REQUIRE(result.by_error.size() == 1);
    REQUIRE(result.by_error.contains(Errc::reset));
    CHECK(result.by_error.at(Errc::reset).example.find("TLS alert: bad record mac") != std::string::npos);
    if (!begins) continue;
    plan.full = true;
    CHECK(sums(plan, true).by_error == std::map<Errc, std::uint64_t>{{Errc::reset, 3}});
  }
}

TEST_CASE("LoadRun: a fatal alert of TLS is named over HTTP/2, too") {
  const AlertingServer server(0, std::string("\0\0\0\4\0\0\0\0\0", 9));  // SETTINGS, and no answer ever
  LoadPlan plan = plan_of(server.url(), 3, 1);
  plan.insecure = true;
  plan.http2 = true;
  const LoadResult result = run_plan(plan);
  CHECK(result.totals.ok == 0);
  CHECK(result.totals.failed == 3);
  REQUIRE(result.by_error.contains(Errc::reset));
  CHECK(result.by_error.at(Errc::reset).count == 3);
  CHECK(result.by_error.at(Errc::reset).example.find("TLS alert: bad record mac") != std::string::npos);
}

TEST_CASE(
    "LoadRun: an open loop sends what is planned, and measures what the cap delays from its planned time") {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/delay/100"), 0, 1);
  plan.mode = LoadPlan::Mode::open;
  plan.rate = 100;
  plan.measured = 500ms;
  plan.drain = 100ms;
  const LoadResult result = run_plan(plan);
  CHECK(result.totals.scheduled == 50);
  CHECK(result.totals.sent <= 6);
  CHECK(result.totals.dropped >= 44);
  CHECK(result.latency.response.censored() >= 44);
  CHECK(result.latency.service.percentile(100).value < 300'000'000);
  CHECK(result.latency.response.max() >
        250'000'000);  // the last request that was answered waited for three others
  CHECK(result.client.cap_waits > 0);
}

TEST_CASE("LoadRun: no request waits for a slot while another slot is free") {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/ok"), 0, 400);
  plan.mode = LoadPlan::Mode::open;
  plan.rate = 4000;
  plan.measured = 300ms;
  CHECK(run_plan(plan).client.cap_waits == 0);
}

TEST_CASE("LoadRun: open loops keep their rates, with one thread or three, and with --full as well") {
  const OriginProcess server;
  for (const bool full : {false, true}) {
    for (const std::size_t threads : {1U, 3U}) {
      LoadPlan plan = plan_of(server.url("/ok"), 0, 30);
      plan.mode = LoadPlan::Mode::open;
      plan.rate = 200;
      plan.measured = 500ms;
      plan.threads = threads;
      plan.full = full;
      const LoadResult result = run_plan(plan);
      CHECK(result.totals.scheduled == 100);
      CHECK(result.totals.ok == 100);
      CHECK(result.measured == 500ms);
      CHECK(result.client.cpu.size() == threads);
    }
  }
}

TEST_CASE("LoadRun: the warm-up is not part of what is measured") {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/ok"), 0, 4);
  plan.mode = LoadPlan::Mode::open;
  plan.rate = 100;
  plan.warmup = 300ms;
  plan.measured = 200ms;
  CHECK(run_plan(plan).totals.scheduled == 20);
  CHECK(server.requests_of("/ok") == 50);
}

TEST_CASE("LoadRun: targets share the requests by their weights, and each has figures of its own") {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/ok"), 1000);
  plan.targets.push_back(plan.targets[0]);
  plan.targets[0].weight = 3;
  plan.targets[1].url = server.url("/status/404");
  const LoadResult result = run_plan(plan);
  REQUIRE(result.by_target.size() == 2);
  CHECK(result.by_target[0].tally.ok + result.by_target[1].tally.status_errors == 1000);
  CHECK(std::abs(static_cast<double>(result.by_target[0].tally.ok) - 750) < 100);
  CHECK(result.by_target[1].by_status.at(404) == result.by_target[1].tally.status_errors);
  CHECK(result.by_target[1].response.count() == 0);
  CHECK(result.latency.unexpected.count() == result.by_target[1].tally.status_errors);
}

TEST_CASE("LoadRun: each request has a number of its own, and the rows of the data are used in turn") {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/"), 6, 2);
  plan.threads = 2;
  TextPiece seq;
  seq.kind = TextPiece::Kind::seq;
  TextPiece column;
  column.kind = TextPiece::Kind::column;
  column.in_url = true;
  plan.targets[0].path = {TextPiece{TextPiece::Kind::text, "/ok/", 0, false}, seq,
                          TextPiece{TextPiece::Kind::text, "/", 0, false}, column};
  plan.data = std::make_shared<const DataRows>(DataRows{{"a b"}, {"c"}});
  CHECK(run_plan(plan).totals.ok == 6);
  for (const auto* path : {"/ok/0/a%20b", "/ok/1/c", "/ok/2/a%20b", "/ok/3/c", "/ok/4/a%20b", "/ok/5/c"}) {
    CAPTURE(path);
    CHECK(server.requests_of(path) == 1);
  }
}

namespace {

class Watcher final : public LoadObserver {
 public:
  void on_slice(const Slice& slice) override { slices.push_back(slice); }
  std::vector<Slice> slices;
};

}  // namespace

TEST_CASE("LoadRun: slices and samples contain every request") {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/delay/10"), 0, 6);
  plan.threads = 2;
  plan.measured = 1200ms;
  plan.slice = 250ms;
  Watcher watcher;
  std::mutex mutex;
  std::vector<Sample> samples;
  const LoadResult result = run_plan(plan, &watcher, [&](std::span<const Sample> some) {
    const std::lock_guard lock(mutex);
    samples.insert(samples.end(), some.begin(), some.end());
  });
  std::uint64_t ok = 0;
  for (const Slice& slice : watcher.slices) ok += slice.ok;
  CHECK(ok == result.totals.ok);
  CHECK(watcher.slices.size() >= 5);
  std::uint64_t in_series = 0;
  for (const SeriesPoint& point : result.series) in_series += point.ok;
  CHECK(in_series == result.totals.ok);
  REQUIRE(samples.size() == result.totals.ok);
  for (const Sample& sample : samples) {
    REQUIRE(sample.status == 200);
    REQUIRE(sample.ended - sample.sent >= 5ms);
    REQUIRE(sample.first_byte <= sample.ended);
  }
  CHECK(result.client.mean_in_flight == doctest::Approx(6).epsilon(0.1));
}

namespace {

leat::async::Task<void> stop_soon(LoadRun& run) {
  co_await leat::async::sleep_for(150ms);
  run.stop();
}

leat::async::Task<leat::Result<LoadResult>> run_and_stop(LoadRun& run) {
  auto stopping = leat::async::spawn(stop_soon(run));
  auto running = run.execute();
  auto result = co_await std::move(running);
  co_await stopping;
  co_return result;
}

leat::async::Task<void> run_and_cancel(LoadRun& run) {
  auto running = leat::async::spawn(run.execute());
  co_await leat::async::sleep_for(50ms);
  running.cancel();
  try {
    [[maybe_unused]] const auto result = co_await running;
  } catch (const leat::async::Cancelled&) {
    co_return;
  }
}

}  // namespace

TEST_CASE("LoadRun: if it is stopped early, it gives what was measured") {
  const OriginProcess server;
  for (const bool full : {false, true}) {
    LoadPlan plan = plan_of(server.url("/delay/5"), 0);
    plan.measured = 1h;
    plan.full = full;
    leat::async::EventLoop loop;
    LoadRun run(loop, plan);
    const auto result = loop.run(run_and_stop(run));
    REQUIRE(result.ok());
    CHECK(result.value().stopped);
    CHECK(result.value().totals.ok > 4);
    CHECK(result.value().measured < 10s);
    CHECK(result.value().totals.in_flight_at_end == 0);
  }
}

TEST_CASE("LoadRun: if it is stopped before it begins, it sends nothing") {
  const OriginProcess server;
  for (const bool full : {false, true}) {
    for (const auto mode : {LoadPlan::Mode::closed, LoadPlan::Mode::open}) {
      LoadPlan plan = plan_of(server.url("/ok"), 0);
      plan.mode = mode;
      plan.rate = 1000;
      plan.measured = 1h;
      plan.full = full;
      leat::async::EventLoop loop;
      LoadRun run(loop, plan);
      run.stop();
      const auto result = loop.run(run.execute());
      REQUIRE(result.ok());
      CHECK(result.value().stopped);
      CHECK(result.value().totals.scheduled == 0);
      CHECK(result.value().rate() == 0);
    }
  }
  CHECK(server.requests_of("/ok") == 0);
}

TEST_CASE("LoadRun: if it is cancelled, it ends its threads first") {
  const OriginProcess server;
  for (const char* path : {"/delay/5", "/hang"}) {
    LoadPlan plan = plan_of(server.url(path), 0);
    plan.measured = 1h;
    plan.threads = 2;
    leat::async::EventLoop loop;
    LoadRun run(loop, plan);
    loop.run(run_and_cancel(run));
  }
}

TEST_CASE("LoadRun: a request without an answer when the time is over is neither ok nor failed") {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/hang"), 0, 3);
  plan.measured = 100ms;
  plan.drain = 50ms;
  const LoadResult result = run_plan(plan);
  CHECK(result.totals.in_flight_at_end == 3);
  CHECK(result.latency.response.censored() == 3);
}

TEST_CASE("LoadRun: with a ramp, the slots begin one after the other") {
  const OriginProcess server;
  for (const bool full : {false, true}) {
    LoadPlan plan = plan_of(server.url("/delay/2"), 0, 4);
    plan.threads = 2;
    plan.measured = 800ms;
    plan.ramp_up = 800ms;
    plan.full = full;
    const LoadResult result = run_plan(plan);
    CHECK(result.totals.connections_opened == 4);
    CHECK(result.client.mean_in_flight < 3.4);  // 1 to 4 of them: 2.5 on average
    CHECK(result.client.mean_in_flight > 1.6);
  }
}

TEST_CASE("LoadRun: an answer with a body of another size than expected is a failure") {
  const OriginProcess server;
  for (const bool full : {false, true}) {
    LoadPlan plan = plan_of(server.url("/size/500"), 10);
    plan.full = full;
    plan.expected_size = 500;
    CHECK(run_plan(plan).totals.ok == 10);
    plan.expected_size = 501;
    const LoadResult result = run_plan(plan);
    CHECK(result.totals.failed == 10);
    CHECK(result.by_error.at(Errc::bad_response).example == "a body of 500 bytes, and not of 501");
  }
}

TEST_CASE("LoadRun: --connect-to leads to another host, and the request still names its own") {
  const OriginProcess server;
  for (const bool full : {false, true}) {
    LoadPlan plan = plan_of("http://nosuch.invalid:81/ok", 10);
    plan.full = full;
    plan.connect_to = {"nosuch.invalid:81:127.0.0.1:" + std::to_string(server.port())};
    CHECK(run_plan(plan).totals.ok == 10);
  }
}
