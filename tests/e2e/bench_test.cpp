#include <doctest/doctest.h>
#include <signal.h>

#include <string>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;

namespace {

bool says(const Finished& finished, const std::string& words) {
  return finished.out.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("bench: prints what was measured, and says by its status whether all was answered") {
  const OriginProcess server;
  const auto good = run_leat({"bench", "-n", "300", "-c", "7", server.url("/ok")});
  CHECK(good.status == 0);
  CHECK(good.err.empty());
  CHECK(says(good, "300 ok, 0 failed, 0 timed out"));
  CHECK(says(good, "status 200 300"));
  CHECK(server.requests_of("/ok") == 300);
  const auto bad = run_leat({"bench", "-n", "10", server.url("/empty")});
  CHECK(bad.status == 1);
  CHECK(says(bad, "0 ok, 10 failed"));
  CHECK(says(bad, "reset 10"));
  const auto quiet = run_leat({"bench", "-q", "-n", "10", server.url("/ok")});
  CHECK(quiet.out.empty());
  CHECK(quiet.status == 0);
}

TEST_CASE("bench: what is wrong is said with status 2, and nothing is sent") {
  const OriginProcess server;
  for (const auto* option : {"-c", "-n", "-z", "-R"}) {
    const auto refused = run_leat({"bench", option, "0", server.url("/ok")});
    CHECK(refused.status == 2);
    CHECK(refused.err.find("leat bench: ") == 0);
    CHECK(refused.out.empty());
  }
  CHECK(run_leat({"bench", server.url("/ok"), "ftp://h/"}).status == 2);
  CHECK(run_leat({"bench", "-i", "-"}, server.url("/ok") + "\nno scheme here\n").status == 2);
  CHECK(server.stats().requests == 0);
}

TEST_CASE("bench: interrupted, it reports what it has, also while nothing is answered") {
  const OriginProcess server;
  for (const auto* path : {"/ok", "/hang"}) {
    Process bench({LEAT_BINARY, "bench", "-z", "1h", "-c", "3", server.url(path)});
    while (server.requests_of(path) < 3) {
    }
    bench.signal(SIGINT);
    const Finished finished = bench.wait();
    CHECK(finished.status == 130);
    CHECK(says(finished, "stopped early"));
    CHECK(says(finished, "requests"));
  }
}

TEST_CASE("bench: with its output closed it ends quietly") {
  const OriginProcess server;
  Process bench({LEAT_BINARY, "bench", "-n", "1000", server.url("/ok")});
  bench.close_output();
  const Finished finished = bench.wait();
  CHECK(finished.status == 0);
  CHECK(finished.err.empty());
}
