#include "pipelines/flow/ask.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <utility>

#include "engine/async/sleep.hpp"
#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

constexpr const char* kRunaway = "def f: f; f";

async::Task<void> cancel_soon(Run& run) {
  co_await async::sleep_for(200ms);
  run.cancel_now();
}

async::Task<Status> run_and_cancel(Run& run) {
  auto cancelling = async::spawn(cancel_soon(run));
  auto executing = run.execute();
  auto status = co_await std::move(executing);
  co_await cancelling;
  co_return status;
}

}  // namespace

TEST_CASE("Ask: records keep their order, whatever is asked of libjq") {
  const auto ran = run_spec("expand $O/ok/[1-200] | set meta.n=(.id * 2) | write json");
  REQUIRE(ran.lines.size() == 200);
  for (std::size_t i = 0; i < ran.lines.size(); ++i) {
    CHECK(ran.lines[i].number("id") == static_cast<double>(i + 1));
  }
}

TEST_CASE("Ask: it handles many thousands of records, with several programs and failures between them") {
  const auto ran = run_spec(
      "expand $O/ok/[1-5000] | set meta.a=(.id * 2) meta.b=(if .id % 10 == 3 then error(\"mine\") else .url "
      "| length "
      "end) | write json");
  REQUIRE(ran.lines.size() == 5000);
  CHECK(ran.count(Outcome::failed) == 500);
  for (std::size_t i = 0; i < ran.lines.size(); ++i) {
    const auto& line = ran.lines[i];
    CHECK(line.number("id") == static_cast<double>(i + 1));
    if (i % 10 == 2) {
      CHECK(line["error"]["message"] == "mine");
    } else {
      CHECK(line["meta"]["a"].GetInt() == static_cast<int>(2 * (i + 1)));
    }
  }
}

TEST_CASE("Ask: a program that runs away fails its record alone") {
  Plan plan = plan_of_spec(
      "expand $O/ok/[1-5] | set meta.a=(if .id == 3 then (def f: f; f) else 1 + 1 end) | write json");
  plan.expr_timeout = 100ms;
  const auto ran = run_plan(plan);
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(ran.of_id(3)["error"]["message"] == "ran longer than 100ms");
  CHECK(ran.of_id(4)["meta"]["a"].GetInt() == 2);
}

TEST_CASE(
    "Ask: a run that is ended at once ends what libjq is doing, and its records are printed as cancelled") {
  Plan plan = plan_of_spec("expand $O/ok/[1-2000] | where (" + std::string(kRunaway) + ") | write json");
  plan.expr_timeout = 1h;
  const auto start = std::chrono::steady_clock::now();
  const tests::TempDir directory;
  std::FILE* file = std::fopen((directory / "out").c_str(), "w");
  Ran ran;
  {
    async::EventLoop loop;
    Run run(loop, plan, ::fileno(file));
    ran.status = loop.run(run_and_cancel(run));
    ran.stats = run.stats();
  }
  std::fclose(file);
  ran.lines = tests::json_lines(tests::read_file((directory / "out")));
  ran.check_accounting();
  CHECK(ran.count(Outcome::cancelled) == ran.stats.records_in);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
}

TEST_CASE("Ask: if nobody wants its records any more, a program that runs away is not waited for") {
  Plan plan = plan_of_spec(
      "expand $O/ok/[1-200] | where (if .id > 1 then (def f: f; f) else true end) | limit 1 | write json");
  plan.expr_timeout = 1h;
  const auto start = std::chrono::steady_clock::now();
  const auto ran = run_plan(plan, false);
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
}

TEST_CASE("Ask: variables have the same value in libjq as in a native program") {
  const auto ran = run_spec(
      "let n = 2; let t = \"a\\\"b\"; expand $O/ok/[1-3] | where (.id >= $n) "
      "| set meta.native=($t) meta.libjq=($t | explode | implode) meta.product=($n * 1.25) | write json");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0]["meta"]["native"] == "a\"b");
  CHECK(ran.lines[0]["meta"]["libjq"] == "a\"b");
  CHECK(ran.lines[0]["meta"]["product"].GetDouble() == 2.5);
}

TEST_CASE(
    "Ask: a program that needs a whole record sees each field in its place, however little of it is sent") {
  const auto ran = run_spec(
      "urls $O/json/items?page=1&per=2&pages=2 gopher://a.org/ | fetch "
      "| set meta.all=(tojson | fromjson | del(.meta, .error)) meta.first=(keys_unsorted[:3]) "
      "meta.count=(keys | sort | "
      "length) | write json include=body,headers,json");
  REQUIRE(ran.lines.size() == 2);
  const auto& line = ran.of_id(1);
  const auto& all = line["meta"]["all"];
  for (const char* name : {"id", "url", "url_effective", "status", "content_type", "size_download", "parent",
                           "outcome", "num_retries", "body", "headers", "json", "sha256"}) {
    CAPTURE(std::string(name));
    REQUIRE(all.HasMember(name));
    CHECK(all[name] == line[name]);
  }
  CHECK(line["meta"]["first"][0] == "id");
  CHECK(line["meta"]["first"][2] == "url");
  CHECK(line["meta"]["count"].GetUint() == all.MemberCount() + 2);
}
