#include <doctest/doctest.h>
#include <signal.h>
#include <sys/xattr.h>

#include <map>
#include <string>
#include <vector>

#include "tests/e2e/killed_runs.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

const char* kFirst = "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 3\r\nConnection: close\r\n\r\nold";

/// Works as on a file system without attributes.
void forget_etag(const std::string& path) {
  static_cast<void>(::removexattr(path.c_str(), "user.leat.etag"));
}

std::vector<std::string> get(const TempDir& dir, const std::string& url) {
  return {"get", "-q", "--state", dir / "state", "--if-changed", "-O", dir / "out", url};
}

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE(
    "state: --if-changed sends the journal's ETag for a file that has none, as long as it is that file") {
  const ScriptedServer server(std::map<std::string, Script>{{"/x", kFirst}});
  const TempDir dir;
  CHECK(run_leat(get(dir, server.url("/x"))).status == 0);
  CHECK(count(server.received(), "If-None-Match") == 0);
  forget_etag(dir / "out/x");
  CHECK(run_leat(get(dir, server.url("/x"))).status == 0);
  CHECK(count(server.received(), "If-None-Match: \"one\"") == 1);
  forget_etag(dir / "out/x");
  write_file(dir / "out/x", "edited");
  CHECK(run_leat(get(dir, server.url("/x"))).status == 0);
  CHECK(count(server.received(), "If-None-Match") == 1);
  CHECK(read_file(dir / "out/x") == "old");
}

TEST_CASE("state: --if-changed does a finished list again, each time, and another command never does") {
  const OriginProcess server;
  const TempDir dir;
  const auto arguments = get(dir, server.url("/range/1000/x.bin"));
  CHECK(only_line(run_leat(arguments)).text("outcome") == "ok");
  for (int pass = 0; pass < 2; ++pass) {
    forget_etag(dir / "out/x.bin");
    const auto line = only_line(run_leat(arguments));
    CHECK(line.text("outcome") == "not_modified");
    CHECK(line.number("id") == 1);
  }
  const auto status = run_leat({"get", "--state", dir / "state", "--status"});
  CHECK(status.out.find("\"ok\":0,\"failed\":0,\"skipped\":0,\"not_modified\":1") != std::string::npos);

  const std::vector<std::string> plain{"get", "-q", "--state", dir / "plain", server.url("/ok/1")};
  CHECK(json_lines(run_leat(plain).out).size() == 1);
  CHECK(json_lines(run_leat(plain).out).empty());
}

TEST_CASE("state: a pass that --if-changed began is continued after a Ctrl-C, not begun again") {
  const OriginProcess server;
  const TempDir dir;
  write_file(dir / "list", server.url("/range/1000/a") + "\n" + server.url("/delay/2000/b") + "\n");
  const std::vector<std::string> arguments{"get",          "-q",      "--state",   dir / "state",
                                           "--if-changed", "-O",      dir / "out", "-i",
                                           dir / "list",   "--grace", "50ms"};
  CHECK(json_lines(run_leat(arguments).out).size() == 2);
  Process second(binary(arguments));
  REQUIRE(second.read_line().has_value());
  second.signal(SIGINT);
  CHECK(second.wait().status == 130);
  const auto third = json_lines(run_leat(arguments).out);
  REQUIRE(third.size() == 1);
  CHECK(third.front().number("id") == 2);
}

TEST_CASE("state: the file of --failed begins anew with a new pass") {
  const OriginProcess server;
  const TempDir dir;
  auto arguments = get(dir, server.url("/flaky/1/x?status=404"));
  arguments.insert(arguments.end(), {"--failed", dir / "failed"});
  CHECK(run_leat(arguments).status == 1);
  CHECK(!read_file(dir / "failed").empty());
  CHECK(run_leat(arguments).status == 0);
  CHECK(read_file(dir / "failed").empty());
}
