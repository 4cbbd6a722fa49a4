// Http2Driver against a server that behaves in the way that a test says and counts, and against real ones.
#include "engine/load/http2_driver.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/engine/load/http2_run.hpp"
#include "tests/support/nghttpd_server.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat::load;
using namespace leat::load_test;
using namespace leat::tests;
using namespace std::chrono_literals;
using leat::Errc;

TEST_CASE("Http2Driver: each request is answered once, over as few connections as the streams need") {
  Run run("Well", 1000, 20, 8);
  run.go();
  CHECK(run.result.totals.ok == 1000);
  CHECK(run.result.by_status == std::map<int, std::uint64_t>{{200, 1000}});
  CHECK(run.result.totals.body_bytes == 3000);
  CHECK(run.result.totals.connections_opened == 3);
  CHECK(run.counts["connections"] == 3);
  CHECK(run.counts["requests"] == 1000);
  CHECK(run.counts["answers"] == 1000);
}

TEST_CASE("Http2Driver: a sample of answers has their whole bodies, also of requests that were sent again") {
  Run run("GoawayTwice", 100, 4, 4);
  run.plan.samples_answers = true;
  run.go();
  CHECK(run.result.sample.size() == 100);
  for (const auto& answer : run.result.sample) {
    CHECK(answer.status == 200);
    CHECK(answer.body == "ok\n");
  }
}

TEST_CASE("Http2Driver: bytes are those of the wire, also the ones that belong to no request") {
  Run run("Well", 200);
  run.go();
  CHECK(run.result.totals.bytes_in == run.counts["bytes_out"]);
  // The server counts what it has read, which is all but perhaps the last answer to its SETTINGS.
  CHECK(run.result.totals.bytes_out >= run.counts["bytes_in"]);
  CHECK(run.result.totals.bytes_out <= run.counts["bytes_in"] + 24 + 9);
}

TEST_CASE(
    "Http2Driver: -c requests are under way at once on a connection, and answers may come in any order") {
  Run run("EachThird", 300, 3, 3);
  run.go();
  CHECK(run.result.totals.ok == 300);
  CHECK(run.counts["peak"] == 3);
  CHECK(run.counts["connections"] == 1);
}

TEST_CASE("Http2Driver: connections and slots are shared out over the threads") {
  Run run("Well", 400, 10, 3);  // four connections
  run.plan.threads = 3;
  run.go();
  CHECK(run.result.totals.ok == 400);
  CHECK(run.counts["connections"] == 4);
  CHECK(run.counts["peak"] <= 3);
}

TEST_CASE("Http2Driver: a stream that the server resets is a failed request, and the others go on") {
  for (const auto& row : std::map<std::string, std::string>{{"ResetSeventh", "INTERNAL_ERROR"},
                                                            {"RefuseSeventh", "REFUSED_STREAM"},
                                                            {"ResetWithin", "INTERNAL"}}) {
    const auto& behaviour = row.first;
    const auto& reason = row.second;
    CAPTURE(behaviour);
    Run run(behaviour, 140);
    run.go();
    CHECK(errors_of(run.result) == Errors{{Errc::reset, 20}});
    CHECK(holds(example_of(run.result, Errc::reset), reason));
    CHECK(run.result.totals.ok == 120);
    CHECK(run.counts["requests"] == 140);
    CHECK(run.counts["resets"] == 20);
    CHECK(run.counts["connections"] == 1);
  }
}

TEST_CASE("Http2Driver: no more streams are opened than the server allows, from the first request on") {
  Run one("MaxOne", 50, 8, 8);
  one.go();
  CHECK(one.result.totals.ok == 50);
  CHECK(one.counts["peak"] == 1);
  CHECK(one.counts["connections"] == 1);
  Run zero("MaxZero", 50, 8, 8);
  zero.go();
  CHECK(zero.result.totals.ok == 50);
  CHECK(zero.counts["too_early"] == 0);
  CHECK(zero.counts["peak"] <= 2);
}

TEST_CASE("Http2Driver: a request that gets no stream, no answer or no SETTINGS in time has timed out") {
  for (const std::string behaviour : {"MaxZeroForEver", "NeverAnswers", "Silent"}) {
    CAPTURE(behaviour);
    Run run(behaviour, 4, 2, 2);
    run.plan.timeout = 100ms;
    run.go();
    CHECK(run.result.totals.timed_out == 4);
    CHECK(run.result.totals.failed == 0);
    // What is silent is not used again, and what only has no room is.
    CHECK((run.counts["connections"] > 1) == (behaviour != "MaxZeroForEver"));
  }
  Run odd("AnswersOdd", 20, 2, 2);
  odd.plan.timeout = 200ms;
  odd.go();
  CHECK(odd.result.totals.timed_out == 1);
  CHECK(odd.result.totals.ok == 19);
  CHECK(odd.counts["resets_in"] == 1);
}

TEST_CASE("Http2Driver: a body is sent as the server's windows allow, and whole") {
  Run run("SmallWindow", 12, 4, 2);
  set_body(run.plan, std::string(100, 'x'));
  run.go();
  CHECK(run.result.totals.ok == 12);
  CHECK(run.counts["body_in"] == 1200);
  CHECK(run.counts["too_much"] == 0);
  Run large("Well", 6, 2, 2);
  set_body(large.plan, std::string(300'000, 'x'));
  large.go();
  CHECK(large.result.totals.ok == 6);
  CHECK(large.counts["body_in"] == 1'800'000);
}

TEST_CASE("Http2Driver: an answer that comes before the request's body counts, and the rest is not sent") {
  for (const std::string behaviour : {"EarlyAnswer", "EarlyAnswerOnly"}) {
    CAPTURE(behaviour);
    Run run(behaviour, 10, 2, 2);
    set_body(run.plan, std::string(1000, 'x'));
    run.go();
    CHECK(run.result.by_status == std::map<int, std::uint64_t>{{413, 10}});
    CHECK(run.counts["requests"] == 10);
    CHECK(run.counts["connections"] == 1);
  }
}

TEST_CASE("Http2Driver: padding, trailers and informational answers are no part of a body") {
  for (const std::string behaviour : {"Padded", "Trailers", "Informational"}) {
    CAPTURE(behaviour);
    Run run(behaviour, 40);
    run.go();
    CHECK(run.result.by_status == std::map<int, std::uint64_t>{{200, 40}});
    CHECK(run.result.totals.body_bytes == 120);
    CHECK(run.result.totals.bytes_in == run.counts["bytes_out"]);
  }
}

TEST_CASE("Http2Driver: a PING is answered") {
  Run run("Pings", 40);
  run.go();
  CHECK(run.result.totals.ok == 40);
  CHECK(run.counts["ping_acks"] == 40);
}

TEST_CASE("Http2Driver: frames without end are a bad response, soon") {
  for (const auto& row : std::map<std::string, Errc>{{"PingFlood", Errc::bad_response},
                                                     {"SettingsFlood", Errc::bad_response},
                                                     {"EmptyDataFlood", Errc::bad_response},
                                                     {"ContinuationFlood", Errc::header_too_large},
                                                     {"ManyInformational", Errc::bad_response},
                                                     {"LargeHead", Errc::header_too_large}}) {
    const auto& behaviour = row.first;
    const auto& code = row.second;
    CAPTURE(behaviour);
    Run run(behaviour, 3, 1, 1);
    run.go();
    CHECK(errors_of(run.result) == Errors{{code, 3}});
    CHECK(run.result.totals.timed_out == 0);
  }
}

TEST_CASE("Http2Driver: an answer that breaks the rules fails its request alone") {
  for (const auto& row : std::map<std::string, Errc>{{"ShortBody", Errc::truncated},
                                                     {"LongBody", Errc::bad_response},
                                                     {"UpperCase", Errc::bad_response},
                                                     {"NoStatus", Errc::bad_response}}) {
    const auto& behaviour = row.first;
    const auto& code = row.second;
    CAPTURE(behaviour);
    Run run(behaviour, 10);
    run.go();
    CHECK(errors_of(run.result) == Errors{{code, 10}});
    CHECK(run.counts["requests"] == 10);
    CHECK(run.counts["connections"] == 1);
  }
}

TEST_CASE("Http2Driver: a frame that breaks the connection fails what is under way on it, and no more") {
  Run run("BrokenFrame", 30, 1, 1);
  run.go();
  CHECK(errors_of(run.result) == Errors{{Errc::bad_response, 10}});
  CHECK(run.result.totals.ok == 20);
  CHECK(run.counts["breaks"] == 10);
  CHECK(run.counts["connections"] == 10);
}

TEST_CASE("Http2Driver: a connection that is closed within an answer, or without one, is replaced") {
  Run within("CloseWithin", 30, 1, 1);
  within.go();
  CHECK(errors_of(within.result) == Errors{{Errc::truncated, 10}});
  CHECK(within.counts["cut"] == 10);
  CHECK(within.counts["requests"] == 30);
  Run unanswered("CloseUnanswered", 30, 1, 1);
  set_body(unanswered.plan, "a POST is never sent twice");
  unanswered.go();
  CHECK(errors_of(unanswered.result) == Errors{{Errc::reset, 10}});
  CHECK(unanswered.counts["unanswered"] == 10);
  CHECK(unanswered.counts["requests"] == 30);
}

TEST_CASE("Http2Driver: a server that closes each connection after an answer costs no request") {
  Run run("CloseIdle", 40, 1, 1);
  run.go();
  CHECK(run.result.totals.ok == 40);
  CHECK(run.counts["answers"] == 40);
}

TEST_CASE("Http2Driver: without keep-alive each request has a connection of its own") {
  Run run("Well", 30, 4, 4);
  run.plan.keepalive = false;
  run.go();
  CHECK(run.result.totals.ok == 30);
  CHECK(run.counts["connections"] == 30);
}

TEST_CASE("Http2Driver: a server that answers by HTTP/1.1 is named") {
  Run run("Http1", 4, 2, 2);
  run.go();
  CHECK(errors_of(run.result) == Errors{{Errc::bad_response, 4}});
  CHECK(holds(example_of(run.result, Errc::bad_response), "HTTP/1.1"));
}

TEST_CASE("Http2Driver: an open loop keeps its rate, and its times begin when requests were planned") {
  Run run("Well", 0, 8, 4);
  run.plan.mode = LoadPlan::Mode::open;
  run.plan.rate = 500;
  run.plan.measured = 400ms;
  run.go();
  CHECK(run.result.totals.scheduled == 200);
  CHECK(run.result.totals.ok == 200);
  CHECK(run.counts["requests"] == 200);
  CHECK(run.result.latency.client_queue.count() == 200);
}

TEST_CASE("Http2Driver: templates, targets and methods are sent as by HTTP/1.1") {
  NghttpdServer first;
  NghttpdServer second;
  LoadPlan plan = http2_plan(first.url("/"), 60, 4, 2);
  const TextPiece number{TextPiece::Kind::seq, "", 0, false};
  const auto text = [](const char* what) { return TextPiece{TextPiece::Kind::text, what, 0, false}; };
  plan.targets[0].path = {text("/a/"), number};
  plan.targets[0].headers = {{text("X-Number: "), number}};
  plan.targets.push_back(plan.targets[0]);
  plan.targets[1].url = second.url("/");
  plan.targets[1].method = "DELETE";
  const LoadResult result = run_plan(plan);
  CHECK(result.by_status == std::map<int, std::uint64_t>{{404, 60}});
  CHECK(first.end() + second.end() == 60);
  std::vector<int> numbers;
  for (const NghttpdServer* server : {&first, &second}) {
    const auto paths = server->values_of(":path");
    const auto fields = server->values_of("x-number");
    const auto methods = server->values_of(":method");
    REQUIRE(paths.size() == fields.size());
    for (std::size_t i = 0; i < paths.size(); ++i) {
      CHECK(paths[i] == "/a/" + fields[i]);
      CHECK(methods.at(i) == (server == &first ? "GET" : "DELETE"));
      numbers.push_back(std::stoi(fields[i]));
    }
  }
  std::sort(numbers.begin(), numbers.end());
  for (std::size_t i = 0; i < 60; ++i) CHECK(numbers.at(i) == static_cast<int>(i));
}

TEST_CASE("Http2Driver: a body in answer to HEAD is malformed, and the request fails") {
  Run run("Well", 20, 4, 2);
  run.plan.targets[0].method = "HEAD";
  run.go();
  CHECK(run.result.totals.ok == 0);
  CHECK(run.result.totals.failed == 20);
}

TEST_CASE("Http2Driver: over TLS, the fast path and libcurl's transfers count the same") {
  const WireServer nginx;
  LoadPlan plan = http2_plan(nginx.url(), 300, 10, 4);
  plan.ca_file = nginx.certificate();
  const LoadResult fast = run_plan(plan);
  plan.full = true;
  const LoadResult full = run_plan(plan);
  CHECK(fast.totals.ok == 300);
  CHECK(full.totals.ok == 300);
  CHECK(fast.totals.body_bytes == full.totals.body_bytes);
  CHECK(fast.totals.connections_opened == 3);
  CHECK(fast.latency.tls.count() == 3);
}

TEST_CASE(
    "Http2Driver: a server that does not agree to HTTP/2 is an error, and no request goes by HTTP/1.1") {
  const WireServer nginx;
  LoadPlan plan = http2_plan(nginx.url("127.0.0.2"), 6, 2, 2);
  plan.insecure = true;
  const LoadResult result = run_plan(plan);
  CHECK(errors_of(result) == Errors{{Errc::tls_failed, 6}});
  CHECK(holds(example_of(result, Errc::tls_failed), "HTTP/2"));
}

TEST_CASE("Http2Driver: nghttpd has logged as many requests as were answered") {
  NghttpdServer server;
  LoadPlan plan = http2_plan(server.url("/ok"), 300, 20, 8);
  set_body(plan, "nothing is done with it");
  plan.headers = {"X-One: 1", "Connection: close", "TE: gzip"};
  const LoadResult result = run_plan(plan);
  CHECK(result.totals.ok == 300);
  CHECK(result.totals.connections_opened == 3);
  CHECK(server.end() == 300);
}
