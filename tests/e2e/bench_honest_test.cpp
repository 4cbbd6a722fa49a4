// What a benchmark says, and its status, when servers fail.
#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <string>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/says.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

Finished bench(std::vector<std::string> words) {
  words.insert(words.begin(), "bench");
  return run_leat(words);
}

rapidjson::Document document(std::vector<std::string> words) {
  words.insert(words.begin(), {"--format", "json"});
  rapidjson::Document json;
  json.Parse(bench(words).out.c_str());
  REQUIRE_FALSE(json.HasParseError());
  return json;
}

}  // namespace

TEST_CASE("bench honest: a server that answers nothing well passes no gate") {
  const OriginProcess server;
  const auto all_bad = bench({"-n", "20", "-c", "2", server.url("/status/500")});
  CHECK(all_bad.status == 1);
  CHECK(says(all_bad, "0 ok, 0 failed, 0 timed out"));
  CHECK(says(all_bad, "20 answered, 20 of them with status ≥ 400"));
  CHECK(says(all_bad, "error rate 100 % ("));
  CHECK(bench({"-n", "20", "--check", "error_rate<=100%", server.url("/status/500")}).status == 1);
  CHECK(bench({"-n", "20", "--check", "error_rate<1%", server.url("/status/500")}).status == 4);
  const auto expected = bench({"-n", "20", "--expect-status", "500", server.url("/status/500")});
  CHECK(expected.status == 0);
  CHECK(says(expected, "20 ok, 0 failed"));
  CHECK(bench({"-n", "20", "--expect-status", "201", server.url("/ok")}).status == 1);
}

TEST_CASE("bench honest: an answer whose body has another SHA-256 is a failure, also by libcurl") {
  const OriginProcess server;
  const std::string ok = "dc51b8c96c2d745df3bd5590d990230a482fd247123599548e0632fdbf97fc22";  // of "ok\n"
  for (const std::string way : {"--path-as-is", "--full"}) {
    CAPTURE(way);
    const auto right = bench({"-n", "50", "-c", "4", way, "--expect-sha256", ok, server.url("/ok")});
    CHECK(right.status == 0);
    CHECK(says(right, "50 ok, 0 failed"));
    const auto wrong = bench({"-n", "50", "-c", "4", way, "--expect-sha256", ok, server.url("/json/items")});
    CHECK(wrong.status == 1);
    CHECK(says(wrong, "0 ok, 50 failed"));
    CHECK(says(wrong, "bad_response 50, first after "));
    CHECK(says(wrong, "a body whose SHA-256 is "));
  }
}

TEST_CASE("bench honest: a sample of the good answers is held against a program when the run is over") {
  const OriginProcess server;
  // The first program is evaluated by leat itself, and the second by libjq.
  for (const std::string program :
       {".json.items | length > 0", "[.json.items | group_by(.id)[]] | length > 0"}) {
    CAPTURE(program);
    const auto fits = bench({"-n", "3000", "-c", "8", "--expect", program, server.url("/json/items")});
    CHECK(fits.status == 0);
    CHECK(says(fits, " of 3,000 good answers were looked at, and all of them are as --expect says"));
    const auto unfit = bench({"-n", "20", "-c", "2", "--expect", program, server.url("/ok")});
    CHECK(unfit.status == 4);
    CHECK(says(unfit,
               "20 of 20 good answers were looked at, and 20 of them are not as --expect says: status 200, "
               "body \"ok\\n\": "));
  }
  // A failed answer is not held against it.
  const auto json = document({"-n", "40", "-c", "2", "--expect", ".json == null | not",
                              server.url("/json/items"), server.url("/status/500")});
  const auto& found = json["expectation"];
  CHECK(found["looked_at"].GetInt() == json["totals"]["ok"].GetInt());
  CHECK(found["unfit"].GetInt() == 0);
  CHECK(found["example"].IsNull());
  const auto nothing = bench({"-n", "4", "-c", "2", "--expect", "true", server.url("/status/500")});
  CHECK(nothing.status == 1);
}

TEST_CASE("bench honest: good answers and others have percentiles of their own") {
  const OriginProcess server;
  const auto mixed = bench({"-n", "400", "-c", "4", server.url("/ok"), server.url("/status/503")});
  CHECK(mixed.status == 0);
  CHECK(says(mixed, "of the other answers, with 95 % intervals"));
  const auto json = document({"-n", "400", "-c", "4", server.url("/ok"), server.url("/status/503")});
  const auto& totals = json["totals"];
  CHECK(totals["ok"].GetInt() + totals["status_errors"].GetInt() == 400);
  CHECK(json["latency"]["response"]["count"].GetInt() == totals["ok"].GetInt());
  CHECK(json["latency"]["unexpected"]["count"].GetInt() == totals["status_errors"].GetInt());
  CHECK(json["by_target"][1]["status_errors"].GetInt() == totals["status_errors"].GetInt());
  CHECK(json["error_rate"]["v"].GetDouble() ==
        doctest::Approx(totals["status_errors"].GetDouble() / totals["scheduled"].GetDouble()));
}

TEST_CASE("bench honest: a single request has its time, one connection and no verdict") {
  const OriginProcess server;
  const auto one = bench({"-n", "1", "--strict", server.url("/delay/20")});
  CHECK(one.status == 0);
  CHECK(says(one, "closed loop, 1 at once, 1 thread"));
  CHECK(says(one, ", min 2"));
  CHECK(says(one, "percentiles withheld: 1 sample"));
  CHECK(says(one, "client     none: so few requests show nothing of the client"));
  const auto json = document({"-n", "1", server.url("/ok")});
  CHECK(json["client"]["verdict"].IsNull());
  CHECK(json["totals"]["connections_opened"].GetInt() == 1);
  CHECK(json["rate"]["hi"].IsNull());
}

TEST_CASE("bench honest: stages have a row each, and no rate of all of them") {
  const OriginProcess server;
  const std::vector<std::string> staged{"--stages", "300ms@50,200ms@50..150", "-c", "20", server.url("/ok")};
  const auto run = bench(staged);
  CHECK(run.status == 0);
  CHECK(says(run, "  by stage\n  300ms at 50.0/s: 15 ok (50.0/s), 0 not, p50 "));
  CHECK(says(run, "  200ms at 50.0/s to 150/s: 20 ok (100/s), 0 not"));
  CHECK_FALSE(says(run, "  rate  "));
  const auto json = document(staged);
  CHECK(json["by_stage"][0]["ok"].GetInt() == 15);
  CHECK(json["by_stage"][1]["response"]["count"].GetInt() == 20);
}

TEST_CASE("bench honest: a comparison obeys checks of ratios, and refuses others") {
  const OriginProcess server;
  const TempDir dir;
  const auto save = [&](const std::string& path, const std::string& name) {
    CHECK(bench({"-q", "-c", "8", "-n", "600", "--save", dir / name, server.url(path)}).status == 0);
  };
  save("/delay/2", "old");
  save("/delay/12", "new");
  const auto compared = [&](const std::string& check) {
    return bench({"--compare", dir / "old", dir / "new", "--check", check});
  };
  const auto slower = compared("ratio.p50<1.5");
  CHECK(slower.status == 4);
  CHECK(says(slower, "  check      ratio.p50<1.5: fail, "));
  CHECK(compared("ratio.p50<100").status == 0);
  CHECK(compared("p50<1ns").status == 2);
  CHECK(compared("p50<1ns").err.find("takes ratio.p50, ratio.p99 or ratio.rate") != std::string::npos);
}

TEST_CASE("bench honest: --vs says first which side is dead, and no ratio passes then") {
  const OriginProcess server;
  const auto run = bench(
      {"-n", "200", "-c", "2", server.url("/ok"), "--vs", "http://127.0.0.1:1/", "--check", "ratio.p99<1.1"});
  CHECK(run.status == 4);
  CHECK(run.out.starts_with("http://127.0.0.1:1/ answered none of "));
}

#ifndef LEAT_SANITIZED  // UBSan looks at the type of an object through a pipe, for which no descriptor is
                        // left
TEST_CASE("bench honest: descriptors that are used up are named, and the verdict is of the client") {
  const OriginProcess server;
  for (const std::string driver : {"--no-keepalive", "--full"}) {
    CAPTURE(driver);
    const auto run = run_process({"prlimit", "--nofile=64", LEAT_BINARY, "bench", "-n", "400", "-c", "200",
                                  "--threads", "1", driver, server.url("/delay/100")});
    CHECK(run.status == 1);
    CHECK(says(run, "no file descriptor is left"));
    CHECK(says(run, "client     saturated: "));
    CHECK(says(run, "file descriptors were used up"));
  }
}
#endif

TEST_CASE("bench honest: the highest rate is not missed because a trial has few requests") {
  const OriginProcess server;
  const auto run = bench({"-c", "1", "-z", "200ms", "-R", "10", "--timeout", "5s", "--find-rate", "p50<150ms",
                          server.url("/delay/20")});
  CHECK(run.status == 0);
  CHECK(says(run, "p50<150ms holds up to "));
  CHECK(says(run, "it no longer does at "));
  CHECK(run.err.find("each trial needs 40 requests") != std::string::npos);
}
