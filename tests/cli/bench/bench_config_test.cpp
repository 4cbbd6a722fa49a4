#include "cli/bench/bench_config.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <vector>

#include "tests/cli/fake_system.hpp"

using namespace leat;
using namespace leat::cli;
using namespace std::chrono_literals;
using load::LoadPlan;

namespace {

using Words = std::initializer_list<std::string_view>;

Result<BenchConfig> read(Words arguments, System& system) {
  auto given = parse_options(pipelines::kBench, std::vector<std::string_view>(arguments));
  if (!given) return std::move(given.error());
  return read_bench_config(given.value(), system);
}

LoadPlan plan_of(Words arguments, FakeSystem system = {}) {
  auto config = read(arguments, system);
  REQUIRE_MESSAGE(config.ok(), config.error().message);
  return std::move(config.value().plan);
}

std::string refusal_of(Words arguments, FakeSystem system = {}) {
  const auto config = read(arguments, system);
  REQUIRE_FALSE(config.ok());
  return config.error().message;
}

void check_refused(Words arguments, const std::string& words) {
  const std::string message = refusal_of(arguments);
  CAPTURE(message);
  CHECK(message.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("bench config: the defaults are a closed loop of 10 seconds") {
  const LoadPlan plan = plan_of({"http://h/"});
  CHECK(plan.mode == LoadPlan::Mode::closed);
  CHECK(plan.concurrency == 50);
  CHECK(plan.measured == 10s);
  CHECK(plan.requests == 0);
  CHECK(plan.timeout == 30s);
  CHECK(plan.keepalive);
  CHECK_FALSE(plan.full);
  REQUIRE(plan.targets.size() == 1);
  CHECK(plan.targets[0].method == "GET");
  CHECK(plan.targets[0].url == "http://h/");
}

TEST_CASE(
    "bench config: -n alone sets no time limit, a rate makes an open loop, and there are never more threads "
    "than slots") {
  const LoadPlan counted = plan_of({"-n", "100", "-c", "3", "--threads", "8", "h"});
  CHECK(counted.requests == 100);
  CHECK(counted.measured == 0s);
  CHECK(counted.threads == 3);
  const LoadPlan both = plan_of({"-n", "100", "-z", "2s", "h"});
  CHECK(both.requests == 100);
  CHECK(both.measured == 2s);
  const LoadPlan open = plan_of({"-R", "50/s", "--arrival", "poisson", "h"});
  CHECK(open.mode == LoadPlan::Mode::open);
  CHECK(open.rate == 50);
  CHECK(open.arrival == load::Arrival::poisson);
  const LoadPlan staged = plan_of({"--stages", "1s@10,2s@10..30", "h"});
  CHECK(staged.mode == LoadPlan::Mode::open);
  CHECK(staged.stages.size() == 2);
  CHECK(staged.measured == 0s);
}

TEST_CASE("bench config: values that make no load are refused, and the error says what the option takes") {
  for (const auto* option : {"-c", "-n", "-z", "-R", "--threads", "--streams", "--dns-ttl"}) {
    for (const auto* value : {"0", "-1", "x", ""}) {
      CAPTURE(option);
      CAPTURE(value);
      CHECK_FALSE(refusal_of({option, value, "--http2", "https://h/"}).empty());
    }
  }
  check_refused({"--timeout", "never", "h"}, "--timeout: \"never\" given; takes a time");
  check_refused({"--arrival", "evenly", "-R", "1", "h"}, "takes constant, poisson");
  check_refused({"--arrival", "poisson", "h"}, "--arrival: given without a rate");
  check_refused({"--think", "1s", "-R", "5", "h"}, "--think: given with a rate");
  check_refused({"--stages", "1s@5", "-R", "5", "h"}, "--stages: given with --rate");
  check_refused({"--stages", "1s@5", "-z", "5", "h"}, "--stages: given with --duration");
  check_refused({"--streams", "2", "h"}, "--streams: given without --http2");
  check_refused({"--streams", "2", "--http2", "--no-keepalive", "https://h/"},
                "--streams: given with --no-keepalive");
  check_refused({"--http2", "http://h/"}, "is not https; HTTP/2 without TLS is --http2-prior-knowledge");
  check_refused({"--http2", "--vs", "http://h/", "https://h/"}, "is not https");
  check_refused({"--http2-prior-knowledge", "--full", "http://h/"}, "given with --full");
  check_refused({"--resolve", "h:80", "h"}, "--resolve");
  check_refused({"--unix-socket", "", "h"}, "--unix-socket");
  check_refused({"--cacert", "/none", "h"}, "No such file");
  check_refused({"ftp://h/"}, "scheme \"ftp\" is not supported");
  check_refused({"http://u:secret@h/a b"}, "\"http://h/a b\"");
  check_refused({}, "nothing to send requests to");
  check_refused({"-i", "list", "h"}, "--input: given together with URLs");
  check_refused({"-i", "list"}, "--input: \"list\": No such file");
  check_refused({"--data-csv", "rows", "h"}, "--data-csv: \"rows\": No such file");
  CHECK(refusal_of({"-x", "http://u:secret@[/", "h"}).find("secret") == std::string::npos);
}

TEST_CASE("bench config: --http2 is leat's own unless --full asks for libcurl's") {
  const LoadPlan fast = plan_of({"--http2", "--streams", "16", "-c", "40", "https://h/"});
  CHECK(fast.http2);
  CHECK_FALSE(fast.full);
  CHECK(fast.streams == 16);
  CHECK(fast.connections() == 3);
  CHECK(plan_of({"--http2", "--full", "https://h/"}).full);
  CHECK(plan_of({"--http2-prior-knowledge", "http://h/"}).http2);
  CHECK(plan_of({"--http2", "--no-keepalive", "-c", "5", "https://h/"}).connections() == 5);
}

TEST_CASE("bench config: requests are made as -X, -H, -d and -u say") {
  const LoadPlan plan =
      plan_of({"-H", "X: 1", "-d", "a=1", "-d", "b=2", "-u", "me:word", "-A", "me/1", "h/p"});
  CHECK(plan.targets[0].method == "POST");
  CHECK(plan.targets[0].has_body);
  REQUIRE(plan.targets[0].body.size() == 1);
  CHECK(plan.targets[0].body[0].text == "a=1&b=2");
  CHECK(plan.userpwd == "me:word");
  CHECK(plan.user_agent == "me/1");
  CHECK(plan_of({"-X", "PUT", "-d", "x", "h"}).targets[0].method == "PUT");
}

TEST_CASE("bench config: targets and data come from files") {
  FakeSystem system;
  system.files["list"] = "http://a/{id}\n{\"url\":\"https://b/\",\"weight\":2}\n";
  system.files["rows"] = "id,name\n1,x\n2,\"y\nz\"\n";
  const LoadPlan plan = plan_of({"-i", "list", "--data-csv", "rows"}, system);
  CHECK(plan.targets.size() == 2);
  CHECK(plan.targets[1].weight == 2);
  REQUIRE(plan.data);
  CHECK(plan.data->size() == 2);
  CHECK(refusal_of({"-i", "list", "--data-csv", "rows", "-H", "X: {name}"}, system)
            .find("header takes {name}") != std::string::npos);
}

TEST_CASE("parse_stages: steps and ramps, and nothing else") {
  const auto stages = parse_stages("10s@100,500ms@100..1000/s,1m@0..5");
  REQUIRE(stages);
  REQUIRE(stages->size() == 3);
  CHECK((*stages)[0].lasts == 10s);
  CHECK((*stages)[0].from == 100);
  CHECK((*stages)[0].to == 100);
  CHECK((*stages)[1].to == 1000);
  CHECK((*stages)[2].from == 0);
  for (const auto* bad : {"", "10s", "@5", "10s@", "10s@0", "0s@5", "10s@5,", "10s@5..", "10s@..5", "10s@-5",
                          "x@5", "10s@0..0", "10s@5..6..7"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_stages(bad));
  }
}
