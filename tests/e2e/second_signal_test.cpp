// The second Ctrl-C ends a run at once, whatever servers send meanwhile.
#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/concurrent.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

constexpr int kCount = 6;

void check_second_signal(const std::string& path, const std::vector<std::string>& command) {
  const OriginProcess server;
  CAPTURE(path);
  CAPTURE(command.back());
  Process process(command);
  for (int i = 0; i < kCount; ++i) process.write(server.url(path + std::to_string(i)) + "\n");
  process.close_input();
  wait_for_concurrent(server, kCount);
  process.signal(SIGINT);
  REQUIRE(process.wait_for_error("no new transfers"));
  const auto before = std::chrono::steady_clock::now();
  process.signal(SIGINT);
  const auto run = process.wait();
  CHECK(std::chrono::steady_clock::now() - before < 1500ms);  // 0.2 s, and a busy machine
  CHECK(run.status == 130);
  CHECK(run.err.find(" + 0 failed + ") != std::string::npos);
}

}  // namespace

TEST_CASE("second signal: it ends a run within moments although bodies without end arrive") {
  check_second_signal("/endless/", {LEAT_BINARY, "get", "-o", "/dev/null"});
  check_second_signal("/endless/", {LEAT_BINARY, "run", "lines | fetch stream=lines | null"});
}

TEST_CASE("second signal: it ends a run within moments although what arrives unpacks to gigabytes") {
  check_second_signal("/gzip-bomb/100G/", {LEAT_BINARY, "get", "--compressed", "-o", "/dev/null"});
  check_second_signal("/gzip-bomb/100G/", {LEAT_BINARY, "run", "lines | fetch stream=lines | null"});
}

TEST_CASE("second signal: it ends a run within moments although hardly anything arrives") {
  check_second_signal("/drip/100000/100/", {LEAT_BINARY, "get"});
}
