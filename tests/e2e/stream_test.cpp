// fetch stream= as a user has it: records while the answer runs, and what ends it.
#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <string>

#include "tests/support/json_line.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat::tests;

namespace {

const std::string kHead = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

std::string spec(const ScriptedServer& server) {
  return "urls " + server.url("/x") + " | fetch stream=lines | write json fields=outcome,meta.line,error";
}

}  // namespace

TEST_CASE("stream: a line is printed before the server has sent the next one") {
  std::atomic<bool> seen = false;
  Script script(kHead + "first\n");
  script.released = [&] { return seen.load(); };
  script.rest = "second\n";
  const ScriptedServer server({{"/x", script}});
  Process process({LEAT_BINARY, "run", "-q", spec(server)});
  const auto first = process.read_line();
  REQUIRE(first);
  CHECK(JsonLine(*first).text("meta.line") == "first");
  seen = true;
  const auto second = process.read_line();
  REQUIRE(second);
  CHECK(JsonLine(*second).text("meta.line") == "second");
  CHECK(process.wait().status == 0);
}

TEST_CASE("stream: Ctrl-C ends an answer that would go on for ever, and its record is cancelled") {
  Script script(kHead + "first\n");
  script.released = [] { return false; };
  const ScriptedServer server({{"/x", script}});
  Process process({LEAT_BINARY, "run", spec(server)});
  REQUIRE(process.read_line());
  process.signal(SIGINT);
  const auto last = process.read_line();
  REQUIRE(last);
  CHECK(JsonLine(*last).text("outcome") == "cancelled");
  CHECK(process.wait().status == 130);
}

TEST_CASE("stream: an answer that nobody reads any more is given up") {
  const ScriptedServer server({{"/x", Script(kHead, "line\n")}});
  Process process({LEAT_BINARY, "run", "-q", spec(server)});
  REQUIRE(process.read_line());
  process.close_output();
  CHECK(process.wait().status != -1);
}

TEST_CASE("stream: a recording gives the same records again, without a network") {
  const TempDir dir;
  std::string lines;
  for (int i = 0; i < 20'000; ++i) lines += "line " + std::to_string(i) + "\n";
  const ScriptedServer server({{"/x", kHead + lines}});
  const auto first = run_leat({"run", "-q", "--record", dir / "kept", spec(server)});
  CHECK(first.status == 0);
  CHECK(lines_of(first.out).size() == 20'000);
  const auto again = run_leat({"run", "-q", "--replay", dir / "kept", spec(server)});
  CHECK(again.status == 0);
  CHECK(again.out == first.out);
  CHECK(server.requests_of("/x") == 1);
}

TEST_CASE("stream: save behind it is refused before anything is sent") {
  const std::string start = "urls http://127.0.0.1:1/ | fetch stream=lines | where (.meta.line) | ";
  const auto run = run_leat({"run", start + "save \"out/{name}\""});
  CHECK(run.status == 2);
  CHECK(run.err.find("\"save\" has nothing to write") != std::string::npos);
  CHECK(run_leat({"check", start + "save \"out/{name}\""}).status == 2);
  CHECK(run_leat({"check", start + "each (.meta.line) | fetch | save \"out/{name}\""}).status == 0);
}
