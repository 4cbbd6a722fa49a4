// What is shown on a terminal, and that it disappears again.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/pty_process.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

// Some seconds of work: COUNT records, four at once, and one in ten is a 404.
std::vector<std::string> command(int count, std::vector<std::string> more = {}) {
  std::vector<std::string> words{LEAT_BINARY, "get", "-j", "4", "--retry", "0"};
  words.insert(words.end(), more.begin(), more.end());
  for (int i = 0; i < count; ++i)
    words.push_back(origin().url((i % 10 == 9 ? "/status/404/" : "/delay/300/") + std::to_string(i)));
  return words;
}

// What was drawn between two carriage returns, without blanks at the end.
std::vector<std::string> frames(const std::string& written) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < written.size();) {
    const auto end = std::min(written.find('\r', at), written.size());
    std::string frame = written.substr(at, end - at);
    if (frame.find(" done") != std::string::npos) found.push_back(frame);
    at = end + 1;
  }
  return found;
}

std::size_t visible(const std::string& text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b') {
      at = text.find('m', at);
    } else {
      ++columns;
    }
  }
  return columns;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("terminal: a bar is redrawn ten times a second at most, and nothing of it is left at the end") {
  const auto started = std::chrono::steady_clock::now();
  PtyProcess leat(command(20), Terminal());
  CHECK(leat.wait() == 1);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  const auto drawn = frames(leat.written());
  CHECK(drawn.size() >= 2);
  CHECK(static_cast<double>(drawn.size()) <= seconds * 10 + 1);
  for (const auto& frame : drawn) CHECK(visible(frame) < 80);
  const auto screen = screen_after(leat.written());
  REQUIRE(screen.size() == 2);
  CHECK(screen[0].starts_with("leat get: 20 records: 18 ok + 2 failed"));
  CHECK(screen[1].starts_with("leat get: failed: 2 http_status (404"));
}

TEST_CASE("terminal: after Ctrl-C the bar is gone, the summary says what happened, and the status is 130") {
  for (const int times : {1, 2}) {
    CAPTURE(times);
    PtyProcess leat(command(40, {"--grace", times == 1 ? "100ms" : "20s"}), Terminal());
    REQUIRE(leat.wait_for("4/40 done"));
    leat.type("\x03");
    REQUIRE(leat.wait_for("interrupted"));
    if (times == 2) leat.type("\x03");
    CHECK(leat.wait() == 130);
    const auto screen = screen_after(leat.written());
    REQUIRE(screen.size() >= 2);
    CHECK(screen[0].starts_with("leat get: interrupted"));
    CHECK(holds(screen[1], "leat get: 40 records: "));
    for (const auto& line : screen) CHECK_FALSE(holds(line, " done"));
  }
}

TEST_CASE("terminal: the bar is cut to the window, also when that is resized") {
  PtyProcess leat(command(40), Terminal());
  REQUIRE(leat.wait_for("4/40 done"));
  leat.resize(30, 24);
  const std::size_t resized = leat.written().size();
  for (int i = 0; i < 3; ++i) REQUIRE(leat.wait_for("\r0:0", leat.written().size()));
  leat.resize(60, 24);
  const std::size_t again = leat.written().size();
  CHECK(leat.wait() == 1);
  const auto narrow = frames(leat.written().substr(resized, again - resized) + "\r");
  const auto wide = frames(leat.written().substr(again));
  REQUIRE(!wide.empty());
  for (std::size_t i = 1; i < wide.size(); ++i) CHECK(visible(wide[i]) < 60);
  CHECK(visible(wide.back()) > 30);
  for (std::size_t i = 1; i < narrow.size(); ++i) CHECK(visible(narrow[i]) < 30);
}

TEST_CASE(
    "terminal: good results are green and failures red, but not with NO_COLOR, and not on a dumb terminal") {
  const std::string green = "\x1b[32m";
  const std::string red = "\x1b[31m";
  PtyProcess coloured(command(10), Terminal());
  coloured.wait();
  CHECK(holds(coloured.written(), green + "9 ok"));
  CHECK(holds(coloured.written(), red + "1 failed"));
  Terminal empty;
  empty.environment = {"NO_COLOR="};
  PtyProcess still(command(10), empty);
  still.wait();
  CHECK(holds(still.written(), red + "1 failed"));

  Terminal no_colour;
  no_colour.environment = {"NO_COLOR=1"};
  PtyProcess plain(command(10), no_colour);
  CHECK(plain.wait() == 1);
  CHECK_FALSE(holds(plain.written(), "\x1b["));
  CHECK(frames(plain.written()).size() > 1);  // the bar itself stays
}

TEST_CASE("terminal: on a dumb or unknown terminal there are only whole lines, and no cursor is moved") {
  for (const std::string term : {"dumb", ""}) {
    CAPTURE(term);
    Terminal terminal;
    terminal.term = term;
    PtyProcess leat(command(10), terminal);
    CHECK(leat.wait() == 1);
    CHECK_FALSE(holds(leat.written(), "\x1b"));
    std::string text = leat.written();
    for (auto at = text.find("\r\n"); at != std::string::npos; at = text.find("\r\n", at)) text.erase(at, 1);
    CHECK_FALSE(holds(text, "\r"));
    CHECK(holds(text, "10 records: 9 ok + 1 failed"));
  }
}

TEST_CASE("terminal: there is no bar between results for programs, and none in a pipe, a file, or with -q") {
  Terminal both;
  both.output_too = true;
  PtyProcess results(command(10, {"--format", "json"}), both);
  CHECK(results.wait() == 1);
  CHECK(frames(results.written()).empty());
  CHECK(holds(results.written(), "\"outcome\":\"ok\""));
  Terminal terminal;
  PtyProcess quiet(command(10, {"-q"}), terminal);
  CHECK(quiet.wait() == 1);
  CHECK(quiet.written().empty());
  const auto piped = run_process(command(10));
  CHECK(frames(piped.err).empty());
  CHECK_FALSE(holds(piped.err, "\r"));
  CHECK_FALSE(holds(piped.err, "\x1b"));
  CHECK(lines_of(piped.err).size() == 2);  // the summary
}

TEST_CASE(
    "terminal: --progress json prints one object on each line, and the last one says so; plain prints whole "
    "lines") {
  const auto run = run_process(command(20, {"--progress", "json"}));
  const auto lines = lines_of(run.err);
  REQUIRE(lines.size() >= 2);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const JsonLine line(lines[i]);
    CHECK(line["end"].GetBool() == (i + 1 == lines.size()));
    CHECK(line.number("records_in") <= 20);
  }
  const JsonLine last(lines.back());
  CHECK(last.number("ok") == 18);
  CHECK(last.number("failed") == 2);
  const auto plain = run_process(command(20, {"--progress", "plain"}));
  CHECK_FALSE(holds(plain.err, "\r"));
  CHECK(lines_of(plain.err).at(0).starts_with("leat get: 0:0"));
}

TEST_CASE(
    "terminal: the slowest transfers stand below the bar with their URLs made visible, and disappear with "
    "it") {
  PtyProcess leat({LEAT_BINARY, "get", origin().url("/delay/3500/%1b[31m\xC3\xA9?\xC2\x9B")}, Terminal());
  REQUIRE(leat.wait_for("/delay/3500/"));
  CHECK(leat.wait() == 0);
  CHECK_FALSE(holds(leat.written(), "\xC2\x9B"));
  const auto screen = screen_after(leat.written());
  REQUIRE(screen.size() == 1);
  CHECK(screen[0].starts_with("leat get: 1 record: "));
}

TEST_CASE(
    "terminal: a result is a line for a person, and the bar stands below it and leaves nothing behind") {
  for (const int columns : {40, 80, 200}) {
    CAPTURE(columns);
    Terminal both;
    both.output_too = true;
    both.columns = static_cast<unsigned short>(columns);
    both.environment = {"LANG=C.UTF-8"};
    PtyProcess leat(command(20), both);
    CHECK(leat.wait() == 1);
    CHECK(frames(leat.written()).size() >= 2);
    const auto screen = screen_after(leat.written());
    REQUIRE(screen.size() >= 22);
    for (std::size_t i = 0; i < 20; ++i) {
      CHECK((screen[i].starts_with("200 ") || screen[i].starts_with("404 ")));
      CHECK(static_cast<int>(screen[i].size()) < columns + 4);  // with the bytes of an ellipsis
      CHECK_FALSE(holds(screen[i], " done"));
      if (columns >= 80) CHECK(holds(screen[i], "http_status: HTTP 404") == screen[i].starts_with("404 "));
    }
    CHECK(screen[20].starts_with("leat get: 20 records"));
  }
}

TEST_CASE("terminal: for one file the bar shows its bytes, its rate and the time that is left") {
  PtyProcess leat({LEAT_BINARY, "get", "-o", "/dev/null", origin().url("/drip/20/100/x")}, Terminal());
  CHECK(leat.wait_for(" of 20 B"));
  CHECK(leat.wait_for(" to go"));
  CHECK(leat.wait() == 0);
}

TEST_CASE("terminal: --color never and always count more than the terminal") {
  PtyProcess never(command(10, {"--color", "never"}), Terminal());
  never.wait();
  CHECK_FALSE(holds(never.written(), "\x1b[31m"));
  const auto always = run_process(command(10, {"--color", "always"}));
  CHECK(holds(always.err, "\x1b[31m"));
}

TEST_CASE("terminal: --summary failures says nothing unless something has failed") {
  const auto good = run_leat({"get", "--summary", "failures", origin().url("/ok")});
  CHECK(good.err.empty());
  std::vector<std::string> words{"get", "--summary", "failures", "--retry", "0"};
  for (int i = 0; i < 12; ++i) words.push_back(origin().url("/status/404/" + std::to_string(i)));
  const auto lines = lines_of(run_leat(words).err);
  REQUIRE(lines.size() == 12);
  CHECK(lines[10] == "leat get: and 2 more");
  CHECK(holds(lines[11], "failed: 12 http_status (404"));
  CHECK(run_leat({"get", "--summary", "none", "--retry", "0", origin().url("/status/404/x")}).err.empty());
}
