#include "pipelines/stages/network/race.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::TempDir;

namespace {

/// Races one record with these URLs, of which the first is its own.
struct Raced {
  explicit Raced(std::vector<std::string> u) : urls(std::move(u)) {
    get.fetch.race = 2;
    get.fetch.n = 4;
    get.write.include = {"body"};
  }
  Ran run() {
    std::string line = "{\"url\":\"" + urls.front() + "\",\"mirrors\":[";
    for (std::size_t i = 1; i < urls.size(); ++i) line += (i > 1 ? ",\"" : "\"") + urls[i] + "\"";
    tests::write_file(directory / "in", line + "]" + more + "}\n");
    get.lines.path = directory / "in";
    return run_plan(get);
  }
  std::vector<std::string> urls;
  std::string more;
  GetPlan get;
  TempDir directory;
};

std::string at(const char* path) { return origin().url(path); }

}  // namespace

TEST_CASE("Race: the first good answer wins, whatever the order of the list, and the others are cancelled") {
  for (const std::size_t threads : {std::size_t{1}, std::size_t{3}}) {
    CAPTURE(threads);
    Raced raced({at("/delay/60000/slow"), at("/ok/fast")});
    raced.get.fetch.threads = threads;
    const auto started = std::chrono::steady_clock::now();
    const Ran ran = raced.run();
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(20));
    CHECK(ran.count(Outcome::ok) == 1);
    CHECK(ran.of_id(1).text("url") == raced.urls[0]);
    CHECK(ran.of_id(1).text("url_effective") == raced.urls[1]);
    CHECK(ran.of_id(1).text("body") == "ok\n");
    CHECK(ran.of_id(1).number("num_retries") == 1);
  }
}

TEST_CASE("Race: a mirror that fails makes room for the next one, and a status of 400 or more does not win") {
  Raced raced({"http://127.0.0.1:1/x", at("/status/503/race"), at("/status/404/race"), at("/delay/50/race")});
  const Ran ran = raced.run();
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(1).text("url_effective") == raced.urls[3]);
  CHECK(ran.of_id(1).number("num_retries") == 3);
}

TEST_CASE("Race: if the winner fails on the way, the others get another chance") {
  Raced raced({at("/size/100000?cut=5000&times=9"), at("/delay/300/second")});
  const Ran ran = raced.run();
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(1).text("url_effective") == raced.urls[1]);
  CHECK(ran.of_id(1).text("body") == "ok\n");
}

TEST_CASE("Race: if all have failed, the record fails once, with all attempts counted") {
  Raced raced({"http://127.0.0.1:1/x", at("/status/404/a"), at("/status/404/b")});
  const Ran ran = raced.run();
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(ran.of_id(1)["error"]["attempts"].GetInt() == 3);
  CHECK(ran.of_id(1).text("url") == raced.urls[0]);
}

TEST_CASE("Race: the whole race is tried again if the failure may pass") {
  Raced raced({at("/flaky/1/race-a"), at("/flaky/1/race-b")});
  raced.get.fetch.retry = 2;
  const Ran ran = raced.run();
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(1).number("num_retries") >= 2);
}

TEST_CASE("Race: only the winner's bytes are in the file, and after a wrong checksum the others go on") {
  Raced raced({at("/size/300000/a"), at("/size/300000/b"), at("/ok/sum")});
  raced.more = ",\"sha256\":\"dc51b8c96c2d745df3bd5590d990230a482fd247123599548e0632fdbf97fc22\"";
  raced.get.save.file_template = (raced.directory / "out") + "/f";
  raced.get.write.include = {};
  const Ran ran = raced.run();
  CHECK(ran.of_id(1).text("outcome") == "ok");
  CHECK(ran.of_id(1).text("url_effective") == raced.urls[2]);
  CHECK(tests::read_file((raced.directory / "out") + "/f") == "ok\n");
}

TEST_CASE("Race: with a single slot it still ends, and so do others at the same time") {
  Raced raced({at("/delay/50/a"), at("/delay/50/b"), at("/delay/50/c")});
  raced.get.fetch.n = 1;
  raced.get.fetch.race = 3;
  CHECK(raced.run().count(Outcome::ok) == 1);
}

TEST_CASE("Race: many records race at once, and each has one outcome") {
  const Ran ran = run_spec(
      "expand $O/status/404/[1-100] | fetch n=8 race=3 fail=4xx retry=0 "
      "mirrors=([\"$O/delay/3/\" + (.id|tostring), \"$O/ok/\" + (.id|tostring)]) | write json "
      "fields=url_effective,outcome");
  CHECK(ran.count(Outcome::ok) == 100);
}

TEST_CASE("Race: a limit cancels its running transfers") {
  const Ran ran = run_spec(
      "urls $O/ok/1 $O/delay/60000/2 | fetch n=8 race=2 mirrors=([\"$O/delay/60000/x\"]) | limit 1 | write "
      "json");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::skipped) == 1);
}
