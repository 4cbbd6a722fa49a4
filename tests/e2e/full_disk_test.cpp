// What a full disk does to what outlives a run: cookies, lists of failures, results, journals. Downloads are
// in machine_test.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/private_mounts.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

// Runs a script in a folder of 32 KiB that only it sees; there `fill` leaves no room, $LEAT is leat, $URL the
// origin, and `urls PATH N` makes a list. Gives nothing if there are no private mounts.
bool run_on_small_disk(const std::string& script, Finished& finished) {
  if (!has_private_mounts()) {
    MESSAGE("no private mount namespace here: not tested");
    return false;
  }
  const TempDir dir;
  const std::string whole = "cd " + dir.path() +
                            " && mkdir disk && mount -t tmpfs -o size=32k tmpfs disk && cd disk" +
                            "\nfill() { dd if=/dev/zero of=filler bs=1k count=64 2>/dev/null; true; }"
                            "\nurls() { i=0; while [ $i -lt $2 ]; do echo $URL$1$i; i=$((i+1)); done; }\n" +
                            script;
  finished = run_process(
      {"unshare", "-m", "env", "LEAT=" LEAT_BINARY, "URL=" + origin().url(""), "/bin/sh", "-c", whole});
  return true;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("full disk: a jar that can't be written ends the run with 3 and stays as it was") {
  Finished run;
  if (!run_on_small_disk(
          "printf '127.0.0.1\\tFALSE\\t/\\tFALSE\\t4000000000\\told\\tvalue\\n' > jar; cp jar before\n"
          "fill; \"$LEAT\" get -b jar -c jar ${URL}/cookie/set?new=value >/dev/null; echo $?\n"
          "cmp jar before && ls",
          run))
    return;
  CHECK(run.out == "3\nbefore\nfiller\njar\n");
  CHECK(holds(run.err, "'jar': No space left on device"));
}

TEST_CASE("full disk: a list of failures ends with a whole line, and the run with 3") {
  Finished run;
  if (!run_on_small_disk(
          "urls /status/404/some-name-that-fills-the-disk/ 2000 | \"$LEAT\" get -j 16 -q --retry 0 "
          "--failed bad >/dev/null; echo $?; cat bad",
          run))
    return;
  CHECK(holds(run.err, "\"bad\": No space left on device"));
  const auto lines = lines_of(run.out);
  REQUIRE(lines.size() > 300);
  CHECK(lines[0] == "3");
  const std::string begin = origin().url("/status/404/some-name-that-fills-the-disk/");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    CAPTURE(lines[i]);
    REQUIRE(lines[i].starts_with(begin));
  }
  CHECK(run.out.back() == '\n');
}

TEST_CASE("full disk: results end with a whole line, wherever they go, and the run with 3") {
  for (const std::string command :
       {"\"$LEAT\" get -q -j 16 > results", "\"$LEAT\" run -q 'lines | fetch | write to=results'"}) {
    CAPTURE(command);
    Finished run;
    if (!run_on_small_disk("urls /ok/ 400 | " + command + "; echo $?; cat results", run)) return;
    CHECK(holds(run.err, "No space left on device"));
    const auto lines = lines_of(run.out);
    REQUIRE(lines.size() > 30);
    CHECK(lines[0] == "3");
    for (std::size_t i = 1; i < lines.size(); ++i) CHECK(JsonLine(lines[i]).text("outcome") == "ok");
    CHECK(run.out.back() == '\n');
  }
}

TEST_CASE("full disk: a journal that can't be made ends the run with 3 before anything is fetched") {
  const OriginProcess server;
  Finished run;
  if (!run_on_small_disk("fill; \"$LEAT\" get -q --state journal " + server.url("/ok") + "; echo $?; ls",
                         run))
    return;
  CHECK(run.out == "3\nfiller\n");
  CHECK(holds(run.err, "journal "));
  CHECK(server.stats().requests == 0);
}

TEST_CASE("full disk: a journal that can't grow ends the run with 3, and once there is room all is done") {
  Finished run;
  if (!run_on_small_disk("mount -o remount,size=512k . && urls /ok/ 6000 > ../list\n"
                         "\"$LEAT\" get -q -j 16 --state journal -i ../list >/dev/null; echo $?\n"
                         "mount -o remount,size=64m .\n"
                         "\"$LEAT\" get -j 16 --state journal -i ../list >/dev/null; echo $?\n"
                         "\"$LEAT\" get --status --state journal",
                         run))
    return;
  const auto lines = lines_of(run.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "3");
  CHECK(lines[1] == "0");
  CHECK(holds(lines[2], "\"ok\":6000,"));
  CHECK(holds(run.err, "disk is full"));
  CHECK(holds(run.err, " done before;"));
}
