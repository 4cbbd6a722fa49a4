// What a benchmark says about itself: whether the client was the limit.
#include <doctest/doctest.h>
#include <rapidjson/document.h>
#include <sched.h>

#include <string>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;

namespace {

/// Gives this process, and everything that it starts, a single core for as long as this lives.
class OneCore {
 public:
  OneCore() {
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int core = 0; core < CPU_SETSIZE; ++core) {
      if (!CPU_ISSET(core, &before_)) continue;
      CPU_SET(core, &one);
      break;
    }
    REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  }
  OneCore(const OneCore&) = delete;
  OneCore& operator=(const OneCore&) = delete;
  ~OneCore() { sched_setaffinity(0, sizeof before_, &before_); }

 private:
  cpu_set_t before_{};
};

struct Run {
  Finished finished;
  rapidjson::Document json;
};

Run bench(const std::vector<std::string>& more) {
  std::vector<std::string> words{"bench", "--format", "json"};
  words.insert(words.end(), more.begin(), more.end());
  Run run{run_leat(words), {}};
  run.json.Parse(run.finished.out.c_str());
  REQUIRE_FALSE(run.json.HasParseError());
  return run;
}

}  // namespace

TEST_CASE(
    "bench client: on one core with its server, at a rate that is too high, it says that it was the limit") {
  const OneCore core;
  const OriginProcess server;
  const std::vector<std::string> beyond{"-R", "300000",         "-z", "1s", "-c", "64", "--threads",
                                        "1",  server.url("/ok")};
  const Run run = bench(beyond);
  CHECK(run.finished.status == 0);
  CHECK(std::string(run.json["client"]["verdict"].GetString()) == "saturated");
  CHECK_FALSE(run.json["client"]["reason"].IsNull());
  CHECK(run.json["totals"]["dropped"].GetUint64() > 0);
  std::vector<std::string> strict{"--strict"};
  strict.insert(strict.end(), beyond.begin(), beyond.end());
  const Run refused = bench(strict);
  CHECK(refused.finished.status == 5);
  CHECK(refused.json["exit_code"].GetInt() == 5);
}

TEST_CASE("bench client: requests across the end of the measured time do not count against the client") {
  const OriginProcess server;
  const Run run = bench({"-R", "400", "-z", "1s", "-c", "1000", "--threads", "1",
                         server.url("/timed/constant/2000/{seq}?stop-at=200&stop-ms=800")});
  CHECK(run.json["totals"]["ok"].GetUint64() == 400);
  CHECK(run.json["client"]["little"].GetDouble() == doctest::Approx(1).epsilon(0.01));
}
