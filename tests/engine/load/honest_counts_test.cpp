// Servers that shed, hang, die and close: what a run counts is what they saw.
#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/engine/load/load_fixture.hpp"
#include "tests/support/keeping_server.hpp"

using namespace leat::load;
using namespace leat::load_test;
using namespace leat::tests;
using namespace std::chrono_literals;
using leat::Errc;

namespace {

using End = Reply::End;

std::string answer(const std::string& status, const std::string& more = "") {
  return "HTTP/1.1 " + status + "\r\n" + more + "Content-Length: 3\r\n\r\nok\n";
}

Reply unasked(std::string bytes, End end = End::keep) {
  Reply reply(ok_answer(), end, 2ms);
  reply.unasked = std::move(bytes);
  return reply;
}

Reply late_answer(std::chrono::milliseconds after) {
  Reply reply("", End::keep, after);
  reply.unasked = ok_answer();
  return reply;
}

/// A server, and what comes of 40 requests over one connection at a time.
struct Case {
  const char* name;
  KeepingServer::Script script;
  std::uint64_t ok = 40;
  std::uint64_t status_errors = 0;
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t resent = 0;
  const char* method = "GET";
  StatusRanges expected{};
  // Whether a request may get lost in a connection that the server has closed already, so that it never saw
  // it.
  bool may_miss = false;
  std::uint64_t refused = 0;  // of `failed`: those that found no connection
};

Reply last_reply() {
  Reply reply("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nok\n", End::close);
  reply.is_last = true;
  return reply;
}

Reply every_tenth(const Asked& asked, End end) {
  return asked.number % 10 == 0 ? Reply("", end) : Reply(ok_answer());
}

const std::string kNineBytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok\n";  // of which three come
const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

std::vector<Case> cases() {
  const auto always = [](std::string bytes, End end = End::keep) {
    return [reply = Reply(std::move(bytes), end)](const Asked&) { return reply; };
  };
  const auto closes = [](const Asked& asked) { return every_tenth(asked, End::close); };
  const auto resets = [](const Asked& asked) { return every_tenth(asked, End::reset); };
  const auto one_in = [](int n, Reply other) {
    return [n, other](const Asked& asked) { return asked.number % n == 0 ? other : Reply(ok_answer()); };
  };
  return {
      {"answers everything", always(ok_answer())},
      {"sheds every second", one_in(2, Reply(answer("503 Busy"))), 20, 20},
      {"says 429 to every fourth", one_in(4, Reply(answer("429 Slow", "Retry-After: 1\r\n"))), 30, 10},
      {"fails everything", always(answer("500 Oh")), 0, 40},
      {"has nothing, which is expected", always(answer("404 No")), 40, 0, 0, 0, 0, "GET", {{404, 404}}},
      {"answers 200 where 201 is expected", always(ok_answer()), 0, 40, 0, 0, 0, "POST", {{201, 201}}},
      {"hangs on every tenth", one_in(10, Reply("", End::keep, 250ms)), 36, 0, 0, 4, 0, "GET", {}},
      {"closes every tenth unanswered", closes, 40, 0, 0, 0, 4},
      {"closes every tenth unanswered, PUT", closes, 40, 0, 0, 0, 4, "PUT"},
      {"closes every tenth unanswered, POST", closes, 36, 0, 4, 0, 0, "POST"},
      {"resets every tenth unanswered", resets, 40, 0, 0, 0, 4},
      {"resets every tenth unanswered, POST", resets, 36, 0, 4, 0, 0, "POST"},
      {"closes each connection unanswered", always("", End::close), 0, 0, 40},
      {"resets each connection unanswered, POST", always("", End::reset), 0, 0, 40, 0, 0, "POST"},
      {"dies after 20",
       [](const Asked& asked) { return asked.number > 20 ? Reply("", End::close) : Reply(ok_answer()); }, 20,
       0, 20, 0, 1},
      {"cuts every fifth body", one_in(5, Reply(kNineBytes, End::close)), 32, 0, 8},
      {"resets every fifth within its body", one_in(5, Reply(kNineBytes, End::reset, 5ms)), 32, 0, 8},
      {"hangs within every twentieth body", one_in(20, Reply(kNineBytes, End::keep, 250ms)), 38, 0, 0, 2},
      {"cuts every fifth head", one_in(5, Reply("HTTP/1.1 200 OK\r\nContent-Le", End::close)), 32, 0, 8},
      {"sends no chunk where one should begin", one_in(5, Reply(kChunked + "xyz\r\n", End::close)), 32, 0, 8},
      {"closes before the last chunk", one_in(5, Reply(kChunked + "3\r\nok\n\r\n", End::close)), 32, 0, 8},
      {"sends more than it says", always("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok\n")},
      {"answers twice", always(ok_answer() + ok_answer())},
      {"says nothing from the 39th on",
       [](const Asked& asked) {
         return asked.number > 38 ? Reply("", End::keep, 250ms) : Reply(ok_answer());
       },
       38, 0, 0, 2},
      {"takes no connection after the 20th",
       [](const Asked& asked) { return asked.number == 20 ? last_reply() : Reply(ok_answer()); },
       20,
       0,
       20,
       0,
       0,
       "GET",
       {},
       false,
       20},
      {"speaks HTTP/1.0 and ends bodies by closing", always("HTTP/1.0 200 OK\r\n\r\nok\n", End::close)},
      {"gives hints before it answers",
       always("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok_answer())},
      {"has no content", always("HTTP/1.1 204 No Content\r\n\r\n")},
      {"wants a password", always(answer("401 Who", "WWW-Authenticate: Basic realm=\"x\"\r\n")), 0, 40},
      {"sends a head without end",
       one_in(20, Reply("HTTP/1.1 200 OK\r\nX: " + std::string(400'000, 'x'), End::close)), 38, 0, 2},
      {"answers by TLS", always(std::string("\x15\x03\x01\x00\x02\x02\x28", 7), End::close), 0, 0, 40},
      {"says that it closes", always(answer("200 OK", "Connection: close\r\n"), End::close)},
      {"closes each tenth connection without saying so",
       [](const Asked& asked) {
         return Reply(ok_answer(), asked.on_connection == 10 ? End::close : End::keep);
       },
       40,
       0,
       0,
       0,
       0,
       "GET",
       {},
       true},
      {"sends what is no answer", always("hello\r\n\r\n", End::close), 0, 0, 40},
      {"redirects", always(answer("302 Found", "Location: http://127.0.0.1:1/\r\n")), 40},
  };
}

LoadPlan plan_for(const KeepingServer& server, const Case& one) {
  LoadPlan plan = leat::load_test::plan_of(server.url("/x"), 40, 1);
  plan.targets[0].method = one.method;
  if (one.method[0] == 'P') {
    plan.targets[0].has_body = true;
    plan.targets[0].body = {TextPiece{TextPiece::Kind::text, "body", 0, false}};
  }
  plan.expected = one.expected;
  plan.timeout = 150ms;
  return plan;
}

void check_counts(const Case& one, bool full) {
  const std::string name = one.name;
  CAPTURE(name);
  CAPTURE(full);
  const KeepingServer server(one.script);
  LoadPlan plan = plan_for(server, one);
  plan.full = full;
  const LoadResult result = run_plan(plan);
  const Tally& totals = result.totals;
  CHECK(totals.scheduled == 40);
  CHECK(totals.ok == one.ok);
  CHECK(totals.status_errors == one.status_errors);
  CHECK(totals.failed == one.failed);
  CHECK(totals.timed_out == one.timed_out);
  const auto seen = static_cast<std::uint64_t>(server.requests());
  if (one.may_miss) {
    CHECK(seen <= totals.sent + totals.resent);
    CHECK(seen >= totals.ok);
  } else {
    CHECK(totals.resent == one.resent);
    CHECK(seen == totals.sent + totals.resent - one.refused);
  }
  CHECK(totals.connections_opened == static_cast<std::uint64_t>(server.connections()));
}

}  // namespace

TEST_CASE("LoadRun: whatever a server does with its requests, what is counted is what it saw") {
  for (const Case& one : cases()) check_counts(one, false);
}

TEST_CASE("LoadRun: the same holds for libcurl's transfers") {
  for (const Case& one : cases()) {
    if (std::string(one.name) == "redirects") continue;  // they are followed
    check_counts(one, true);
  }
}

TEST_CASE(
    "LoadRun: what comes on an idle connection is no answer, and the connection is dropped and counted") {
  for (const End end : {End::keep, End::close}) {
    const KeepingServer server([&](const Asked&) { return unasked(answer("200 OK"), end); });
    LoadPlan plan = leat::load_test::plan_of(server.url("/x"), 10, 1);
    plan.think = 40ms;
    const LoadResult result = run_plan(plan);
    CHECK(result.totals.ok == 10);
    CHECK(server.requests() == 10);
    CHECK(result.totals.unsolicited >= 9);  // what comes behind the last answer may come too late
    CHECK(result.totals.connections_opened == 10);
  }
}

TEST_CASE("LoadRun: a blank line on an idle connection, or before an answer, is passed over") {
  for (const auto think : {0ms, 20ms}) {
    const KeepingServer server([](const Asked&) { return unasked("\r\n"); });
    LoadPlan plan = leat::load_test::plan_of(server.url("/x"), 20, 1);
    plan.think = think;
    const LoadResult result = run_plan(plan);
    CHECK(result.totals.ok == 20);
    CHECK(result.totals.unsolicited == 0);
    CHECK(result.totals.connections_opened == 1);
  }
}

TEST_CASE(
    "LoadRun: a connection that the server has closed while it was idle costs no request, and no POST") {
  for (const bool full : {false, true}) {
    for (const std::string method : {"GET", "POST"}) {
      CAPTURE(full);
      CAPTURE(method);
      const KeepingServer server([](const Asked&) { return Reply(ok_answer(), End::close, 2ms); });
      LoadPlan plan = leat::load_test::plan_of(server.url("/x"), 10, 1);
      plan.targets[0].method = method;
      plan.think = 40ms;
      plan.full = full;
      const LoadResult result = run_plan(plan);
      CHECK(result.totals.ok == 10);
      CHECK(result.totals.resent == 0);
      CHECK(server.requests() == 10);
      CHECK(server.connections() == 10);
    }
  }
}

TEST_CASE("LoadRun: a server that does not read a body holds its request up until it has timed out") {
  constexpr std::size_t kBody = 32 << 20;  // more than both sides' buffers hold
  for (const bool full : {false, true}) {
    CAPTURE(full);
    const KeepingServer server([](const Asked&) { return Reply("", End::close, 400ms); }, false);
    LoadPlan plan = leat::load_test::plan_of(server.url("/x"), 2, 1);
    plan.targets[0].method = "POST";
    plan.targets[0].has_body = true;
    plan.targets[0].body = {TextPiece{TextPiece::Kind::text, std::string(kBody, 'x'), 0, false}};
    plan.timeout = 150ms;
    plan.full = full;
    const LoadResult result = run_plan(plan);
    CHECK(result.totals.timed_out == 2);
    CHECK(result.totals.resent == 0);
    CHECK(result.totals.bytes_out < 2 * kBody);
    CHECK(server.requests() == 2);
  }
}

TEST_CASE("LoadRun: an open loop's rate is that of what was asked for, however slow the answers are") {
  for (const bool full : {false, true}) {
    const KeepingServer server([](const Asked&) { return late_answer(700ms); });
    LoadPlan plan = leat::load_test::plan_of(server.url("/x"), 0, 40);
    plan.mode = LoadPlan::Mode::open;
    plan.rate = 20;
    plan.measured = 1s;
    plan.full = full;
    const LoadResult result = run_plan(plan);
    CHECK(result.totals.ok == 20);
    CHECK(result.totals.unanswered == 0);
    CHECK(result.rate() == doctest::Approx(20).epsilon(0.001));
  }
}

TEST_CASE("LoadRun: what is still unanswered after the drain is an error") {
  const KeepingServer server([](const Asked&) { return Reply("", End::keep, 3s); });
  LoadPlan plan = leat::load_test::plan_of(server.url("/x"), 0, 3);
  plan.measured = 50ms;
  plan.drain = 50ms;
  const LoadResult result = run_plan(plan);
  CHECK(result.totals.unanswered == 3);
  CHECK(result.totals.in_flight_at_end == 3);
}

TEST_CASE("LoadRun: a server that hangs from the warm-up on has failures, as many as slots were held") {
  for (const bool full : {false, true}) {
    CAPTURE(full);
    const KeepingServer server([](const Asked&) { return Reply("", End::keep, 3s); });
    LoadPlan plan = leat::load_test::plan_of(server.url("/x"), 0, 3);
    plan.warmup = 30ms;
    plan.measured = 50ms;
    plan.drain = 20ms;
    plan.full = full;
    LoadResult result = run_plan(plan);
    CHECK(result.totals.scheduled == 3);
    CHECK(result.totals.sent == 3);
    CHECK(result.totals.unanswered == 3);
    CHECK(result.latency.response.censored() == 3);
    plan.drain = 2s;
    plan.timeout = 150ms;
    result = run_plan(plan);
    CHECK(result.totals.scheduled == 3);
    CHECK(result.totals.timed_out == 3);
    CHECK(result.by_error.at(Errc::timeout).count == 3);
  }
}

TEST_CASE("LoadRun: a request of the warm-up that ends within the measured time is not counted") {
  for (const bool full : {false, true}) {
    CAPTURE(full);
    const KeepingServer server([](const Asked& asked) {
      return asked.number == 1 ? Reply("", End::close, 60ms) : Reply(ok_answer());
    });
    LoadPlan plan = leat::load_test::plan_of(server.url("/x"), 0, 1);
    plan.warmup = 30ms;
    plan.measured = 500ms;
    plan.full = full;
    const LoadResult result = run_plan(plan);
    CHECK(result.totals.failed == 0);
    CHECK(result.totals.ok > 0);
    CHECK(result.totals.ok == result.totals.scheduled);
  }
}
