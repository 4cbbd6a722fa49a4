#include "pipelines/stages/network/fetch.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;
using leat::tests::TempDir;

namespace {

Ran run_line(const std::string& line, int retry = 0, bool include_body = false) {
  const TempDir directory;
  tests::write_file((directory / "in"), line);
  GetPlan get;
  get.lines.path = (directory / "in");
  get.fetch.retry = retry;
  if (include_body) get.write.include = {"body"};
  return run_plan(get);
}

}  // namespace

TEST_CASE("Fetch: a failure that may pass is tried again, and the attempts are counted") {
  GetPlan get;
  get.fetch.retry = 3;
  get.urls = {origin().url("/flaky/2/fetch-a"), origin().url("/flaky/2/fetch-b?fault=reset")};
  const Ran ran = run_plan(get);
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.of_id(1).number("num_retries") == 2);
  CHECK(ran.of_id(2).number("num_retries") >=
        1);  // libcurl itself tries again on a connection that was used before
  CHECK(origin().requests_of("/flaky/2/fetch-a") == 3);
}

TEST_CASE("Fetch: when no attempt is left, the last failure is the record's") {
  GetPlan get;
  get.fetch.retry = 2;
  get.urls = {origin().url("/status/503/last")};
  const Ran ran = run_plan(get);
  CHECK(ran.of_id(1).error_message() == "HTTP 503 Service Unavailable");
  CHECK(ran.of_id(1)["error"]["attempts"].GetInt() == 3);
  CHECK(ran.of_id(1)["error"]["retryable"].GetBool());
  CHECK(ran.of_id(1).number("num_retries") == 2);
  CHECK(origin().requests_of("/status/503/last") == 3);
}

TEST_CASE("Fetch: a POST that reached the server is not sent twice") {
  const Ran ran = run_line("{\"url\":\"" + origin().url("/status/503/post") + "\",\"body\":\"x\"}", 3);
  CHECK(ran.of_id(1)["error"]["attempts"].GetInt() == 1);
  CHECK(origin().requests_of("/status/503/post") == 1);
}

TEST_CASE("Fetch: a record that waits for its next attempt leaves its slot to others") {
  GetPlan get;
  get.fetch.n = 1;
  get.fetch.retry = 1;
  get.urls = {origin().url("/flaky/1/wait?retry-after=1"), origin().url("/ok/1"), origin().url("/ok/2")};
  const Ran ran = run_plan(get);
  CHECK(ran.count(Outcome::ok) == 3);
  CHECK(ran.lines.back().number("id") == 1);
  CHECK(ran.lines.back().number("time_queue") >= 1.0);
}

TEST_CASE("Fetch: without fail= a status is passed on as it is") {
  GetPlan get;
  get.fetch.fail = {};
  get.urls = {origin().url("/status/404/pass")};
  const Ran ran = run_plan(get);
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(1).number("status") == 404);
}

TEST_CASE("Fetch: method and body of the stage are used for records that have none") {
  const TempDir directory;
  tests::write_file((directory / "in"), origin().url("/echo") + "\n{\"url\":\"" + origin().url("/method") +
                                            "\",\"method\":\"DELETE\"}\n{\"url\":\"" + origin().url("/echo") +
                                            "\",\"body\":\"own\"}\n");
  GetPlan get;
  get.lines.path = (directory / "in");
  get.fetch.method = "PUT";
  get.fetch.body = "stage";
  get.write.include = {"body"};
  const Ran ran = run_plan(get);
  CHECK(ran.of_id(1).text("body") == "stage");
  CHECK(ran.of_id(1).text("method") == "PUT");
  CHECK(ran.of_id(2).text("method") == "DELETE");
  CHECK(ran.of_id(3).text("body") == "own");
}

TEST_CASE("Fetch: a body that is held in memory may not be larger than body_limit") {
  GetPlan get;
  get.fetch.body_limit = 1000;
  get.write.include = {"body"};
  get.urls = {origin().url("/size/1000"), origin().url("/size/1001"), origin().url("/endless?chunked=1")};
  const Ran ran = run_plan(get);
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(2).error_code() == "body_too_large");
  CHECK(ran.of_id(3).error_code() == "body_too_large");
}

TEST_CASE("Fetch: a checksum that a line expects is verified, even without a file") {
  const std::string url = origin().url("/ok/sum");
  const std::string good = "dc51b8c96c2d745df3bd5590d990230a482fd247123599548e0632fdbf97fc22";  // of "ok\n"
  Ran ran = run_line("{\"url\":\"" + url + "\",\"sha256\":\"" + good + "\"}");
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(1).text("sha256") == good);
  ran = run_line("{\"url\":\"" + url + "\",\"sha256\":\"" + std::string(64, '0') + "\"}");
  CHECK(ran.of_id(1).error_code() == "checksum_mismatch");
}

TEST_CASE("Fetch: mirrors are tried in turn when a server fails for good, under the record's own URL") {
  const std::string dead = "http://127.0.0.1:1/x";
  const std::string missing = origin().url("/status/404/mirror");
  const std::string good = origin().url("/ok/mirror");
  Ran ran = run_line("{\"url\":\"" + dead + "\",\"mirrors\":[\"" + missing + "\",\"" + good + "\"]}");
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(1).text("url") == dead);
  CHECK(ran.of_id(1).text("url_effective") == good);
  CHECK(ran.of_id(1).number("num_retries") == 2);
  ran = run_line("{\"url\":\"" + dead + "\",\"mirrors\":[\"" + missing + "\"]}");
  CHECK(ran.of_id(1).error_code() == "http_status");
  CHECK(ran.of_id(1)["error"]["attempts"].GetInt() == 2);
}

TEST_CASE("Fetch: a mirrors= program names the mirrors of each record") {
  const Ran ran = run_spec(
      "urls $O/status/404/program | fetch fail=4xx mirrors=([.url + \"/x\", \"$O/ok/program\"]) | write "
      "json");
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(1).text("url_effective") == origin().url("/ok/program"));
}

TEST_CASE("Fetch: if the reader is far behind, nothing is fetched in advance") {
  Plan plan = plan_of_spec("expand $O/ok/[1-5000] | fetch n=4 | exec sleep 0.2 n=1 | limit 2 | write json");
  const auto ran = run_plan(plan, false);
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.stats.records_in < 1000);
}
