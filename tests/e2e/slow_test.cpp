// Heads and bodies that do not end, or not in time: see tests/e2e/faults, Headers and time.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/one_fetch.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const std::string kOk = "HTTP/1.1 200 OK\r\n";

}  // namespace

TEST_CASE("slow: an endless head, one huge field, and endless fields after a body are header_too_large") {
  const std::string chunked = kOk + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n";
  const ScriptedServer server({
      {"/fields", Script(kOk, "X-A: another field\r\n")},
      {"/field", Script(kOk + "X-A: ", std::string(10'000, 'x'))},
      {"/behind", Script(chunked, "X-A: another field\r\n")},
  });
  for (const std::string path : {"/fields", "/field", "/behind"}) {
    CAPTURE(path);
    const OneFetch got(server.url(path), {"--retry", "2"});
    CHECK(got.code() == "header_too_large");
    CHECK(got.attempts() == 1);
    CHECK(got.files().empty());
  }
}

TEST_CASE("slow: a flood of 1xx answers is cut off, and a few of them are skipped") {
  const std::string again = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
  std::string few;
  for (int i = 0; i < 20; ++i) few += again;
  const ScriptedServer server({
      {"/flood", Script("", again)},
      {"/drip", Script("", again, 5ms)},
      {"/few", few + kOk + "Content-Length: 5\r\n\r\nhello"},
  });
  for (const std::string path : {"/flood", "/drip"}) {
    CAPTURE(path);
    const OneFetch got(server.url(path));
    CHECK(got.code() == "bad_response");
    CHECK(got.line().error_message().find("1xx") != std::string::npos);
    CHECK(got.files().empty());
  }
  const OneFetch got(server.url("/few"));
  CHECK(got.outcome() == "ok");
  CHECK(got.line().number("status") == 200);
  CHECK(got.content("few") == "hello");
}

TEST_CASE(
    "slow: slow bytes are stalled if two are further apart than --stall, and a timeout after --timeout") {
  const ScriptedServer server({
      {"/body", Script(kOk + "Content-Length: 1000\r\n\r\n", "x", 400ms)},
      {"/head", Script(kOk, "x", 400ms)},
  });
  for (const std::string path : {"/body", "/head"}) {
    CAPTURE(path);
    const OneFetch stalled(server.url(path), {"--stall", "100ms"});
    CHECK(stalled.code() == "stalled");
    CHECK(stalled.files().empty());
    const OneFetch timeout(server.url(path), {"--stall", "20s", "--timeout", "900ms"});
    CHECK(timeout.code() == "timeout");
    CHECK(timeout.files().empty());
  }
}

TEST_CASE("slow: a connection that is accepted and then says nothing is a timeout, and is tried again") {
  const ScriptedServer server({{"/mute", Script("", "\r\n", 1h)}});
  const OneFetch stall(server.url("/mute"), {"--stall", "200ms", "--retry", "1"});
  CHECK(stall.code() == "timeout");
  CHECK(stall.attempts() == 2);
  const OneFetch timeout(server.url("/mute"), {"--timeout", "300ms"});
  CHECK(timeout.code() == "timeout");
}
