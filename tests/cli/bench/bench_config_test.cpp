#include "cli/bench/bench_config.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <initializer_list>
#include <map>
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

TEST_CASE("bench config: there are never more slots than requests, and rare and many requests are read") {
  CHECK(plan_of({"-n", "1", "h"}).concurrency == 1);
  CHECK(plan_of({"-n", "1", "h"}).threads == 1);
  CHECK(plan_of({"-n", "1e6", "h"}).requests == 1'000'000);
  CHECK(plan_of({"-n", "1e6", "h"}).concurrency == 50);
  CHECK(plan_of({"-R", "1/h", "-z", "1m30s", "h"}).rate == doctest::Approx(1 / 3600.0));
  CHECK(plan_of({"-R", "1/h", "-z", "1m30s", "h"}).measured == 90s);
}

TEST_CASE("bench config: --expect-status says which answers are good, and --drain how long they may take") {
  const LoadPlan plan = plan_of({"--expect-status", "2xx,404", "--drain", "3s", "h"});
  CHECK(plan.expects(204));
  CHECK(plan.expects(404));
  CHECK_FALSE(plan.expects(302));
  CHECK_FALSE(plan.expects(500));
  CHECK(plan.drain == 3s);
  const LoadPlan usual = plan_of({"h"});
  CHECK(usual.expects(302));
  CHECK_FALSE(usual.expects(400));
  CHECK_FALSE(usual.drain);
  check_refused({"--expect-status", "ok", "h"}, "--expect-status: \"ok\" given");
  check_refused({"--drain", "x", "h"}, "--drain: \"x\" given; takes a time");
}

TEST_CASE("bench config: what a good answer's body is may be said by its SHA-256 and by a program") {
  const std::string hex(64, 'A');
  CHECK_FALSE(plan_of({"h"}).looks_at_bodies());
  const auto judge = plan_of({"--expect-sha256", hex, "h"}).judges();
  judge->restart();
  judge->take("x");
  CHECK(judge->fault() ==
        "a body whose SHA-256 is 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881, and not " +
            std::string(64, 'a'));
  check_refused({"--expect-sha256", "abc", "h"},
                "--expect-sha256: \"abc\" given; takes 64 hexadecimal digits");
  FakeSystem system;
  const auto config = read({"--expect", ".json.ok", "h"}, system);
  REQUIRE(config.ok());
  CHECK(config.value().plan.samples_answers);
  CHECK(config.value().report.expect == ".json.ok");
  check_refused({"--expect", ".json.", "h"}, "--expect: \".json.\": at byte 7: ");
  check_refused({"--expect", "", "h"}, "--expect: an empty program given; takes a jq program");
}

TEST_CASE("bench config: --no-sessionid resumes no TLS session, which --full can't do without") {
  CHECK(plan_of({"h"}).resumes_tls);
  CHECK_FALSE(plan_of({"--no-sessionid", "h"}).resumes_tls);
  check_refused({"--no-sessionid", "--full", "h"}, "--no-sessionid: given together with --full");
}

TEST_CASE("bench config: a body has one framing, its own") {
  for (const auto* field :
       {"Content-Length: 5", "content-length: 99", "Transfer-Encoding: chunked", "Content-Length:"}) {
    CAPTURE(field);
    check_refused({"-d", "hello", "-H", field, "h"}, "given together with a body");
  }
  CHECK(plan_of({"-X", "POST", "-H", "Content-Length: 0", "h"}).targets.size() == 1);
  FakeSystem system;
  system.files["list"] = "{\"url\":\"http://h/\",\"body\":\"x\",\"headers\":{\"Content-Length\":\"7\"}}\n";
  CHECK(refusal_of({"-i", "list"}, system).find("given together with a body") != std::string::npos);
}

TEST_CASE("bench config: -4 and -6 choose the family of addresses") {
  CHECK(plan_of({"-4", "h"}).ip == http::WireOptions::Ip::v4);
  CHECK(plan_of({"-6", "h"}).ip == http::WireOptions::Ip::v6);
  check_refused({"-4", "-6", "h"}, "-4: given together with -6");
}

TEST_CASE("bench config: a ratio is checked where there are two sides") {
  check_refused({"--check", "ratio.p99<1.1", "h"}, "a ratio is of two sides; give --vs URL");
  check_refused({"--find-rate", "ratio.p99<1.1", "h"}, "a ratio is of two sides");
}

TEST_CASE("bench config: bursts are an open loop, and a ramp of connections is none") {
  const LoadPlan plan = plan_of({"--burst", "20", "--every", "500ms", "h"});
  CHECK(plan.mode == LoadPlan::Mode::open);
  CHECK(plan.burst == 20);
  CHECK(plan.rate == doctest::Approx(40));
  check_refused({"--burst", "20", "h"}, "--burst: given without --every");
  check_refused({"--every", "1s", "h"}, "--every: given without --burst");
  check_refused({"--burst", "2", "--every", "1s", "-R", "5", "h"}, "--burst: given with --rate");
  CHECK(plan_of({"--ramp-up", "5s", "h"}).ramp_up == 5s);
  check_refused({"--ramp-up", "5s", "-R", "5", "h"}, "--ramp-up: given with a rate");
}

TEST_CASE("bench config: cookies, JSON and certificates are those of curl's options") {
  const LoadPlan plan = plan_of({"-b", "a=1", "-b", "b=2; c=3", "--json", "{}", "h"});
  std::string all;
  for (const auto& field : plan.targets[0].headers) all += field.front().text + "\n";
  CHECK(all.find("Cookie: a=1; b=2; c=3\n") != std::string::npos);
  CHECK(all.find("Content-Type: application/json\n") != std::string::npos);
  CHECK(plan.targets[0].method == "POST");
  check_refused({"-b", "jar.txt", "h"}, "--cookie: \"jar.txt\" given; takes cookies such as");
  check_refused({"-E", "/none/me.pem", "h"}, "/none/me.pem");
  CHECK(plan_of({"--connect-to", "::127.0.0.1:81", "h"}).connect_to.size() == 1);
  CHECK(plan_of({"--expect-body-size", "1k", "h"}).expected_size == 1024);
  check_refused({"--http1.0", "--full", "h"}, "--http1.0: given together with --full");
  check_refused({"--path-as-is", "--http2", "https://h/"}, "--path-as-is: given together with HTTP/2");
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

TEST_CASE("bench config: a team has a server, a name and a size, and a slot for each of its members") {
  FakeSystem system;
  const auto config =
      read({"--team", "redis://u:p@h:7000/3/night", "--size", "4", "--team-wait", "5s", "http://h/"}, system);
  REQUIRE(config.ok());
  REQUIRE(config.value().report.team.has_value());
  const TeamOptions& team = *config.value().report.team;
  CHECK(team.url.name == "night");
  CHECK(team.url.db == 3);
  CHECK(team.size == 4);
  CHECK(team.wait == 5s);
  check_refused({"--size", "2", "h"}, "--size: given without --team");
  check_refused({"--team-wait", "2s", "h"}, "--team-wait: given without --team");
  check_refused({"--team", "redis://h/t", "h"}, "given without --size");
  check_refused({"--team", "redis://h/t", "--size", "3", "-c", "2", "h"},
                "3 members can't share 2 connections");
  check_refused({"--team", "redis://h/t", "--size", "3", "--http2-prior-knowledge", "--streams", "50", "h"},
                "3 members can't share 1 connection;");
}

TEST_CASE("bench config: the live view draws blocks if the locale has them") {
  FakeSystem system;
  for (const auto& locale :
       std::map<std::string, bool>{{"de_DE.UTF-8", true}, {"en_GB.utf-8", true}, {"C", false}, {"", false}}) {
    CAPTURE(locale.first);
    system.variables["LANG"] = locale.first;
    const auto config = read({"http://h/"}, system);
    REQUIRE(config.ok());
    CHECK(config.value().report.unicode == locale.second);
  }
}

TEST_CASE("bench config: what is written beside the report has files of their own") {
  for (const std::string_view option : {"--save", "--html", "--csv", "--samples"}) {
    CAPTURE(option);
    check_refused({option, "-", "http://h/"}, std::string(option) + ": - given; takes the name of a file");
  }
  check_refused({"--save", "out", "--html", "out", "http://h/"}, "--save: \"out\": it is the file of --html");
  check_refused({"--samples", "out", "--csv", "out", "http://h/"},
                "--csv: \"out\": it is the file of --samples");
  CHECK(plan_of({"--save", "a", "--html", "b", "--csv", "c", "--samples", "d", "http://h/"}).targets.size() ==
        1);
  CHECK(plan_of({"--save", "/dev/null", "--html", "/dev/null", "http://h/"}).targets.size() == 1);
}
