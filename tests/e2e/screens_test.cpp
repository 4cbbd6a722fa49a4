// What stands on the screen of terminals that differ: narrow and wide ones, other locales, a run that is
// stopped.
#include <doctest/doctest.h>

#include <clocale>
#include <csignal>
#include <cwchar>
#include <string>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/pty_process.hpp"

using namespace leat::tests;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// As the C library counts them, which is not what leat uses.
int columns_of(const std::string& text) {
  const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  REQUIRE(utf8 != nullptr);
  const locale_t before = ::uselocale(utf8);
  int columns = 0;
  std::mbstate_t state{};
  for (std::size_t at = 0; at < text.size();) {
    wchar_t character = 0;
    const std::size_t size = std::mbrtowc(&character, text.data() + at, text.size() - at, &state);
    if (size == 0 || size > text.size()) {
      columns = 10'000;  // no UTF-8
      break;
    }
    columns += ::wcwidth(character);
    at += size;
  }
  ::uselocale(before);
  ::freelocale(utf8);
  return columns;
}

Terminal terminal_of(int columns, const std::string& locale = "C.UTF-8") {
  Terminal terminal;
  terminal.output_too = true;
  terminal.columns = static_cast<unsigned short>(columns);
  terminal.environment = {"LC_ALL=" + locale};
  return terminal;
}

}  // namespace

TEST_CASE("screen: wide characters and emoji never reach beyond the window, whatever its width") {
  const std::vector<std::string> names{"日本語の名前のとても長いファイルです.txt", "😀🎉🚀😀🎉🚀😀🎉🚀😀🎉🚀",
                                       "e\u0301\u0302combined", "plain"};
  for (const int columns : {40, 80, 200}) {
    CAPTURE(columns);
    const TempDir dir;
    std::vector<std::string> words{LEAT_BINARY, "get", "--retry", "0", "-O", dir / "out"};
    for (const auto& name : names) {
      words.push_back(origin().url("/ok/" + name));
      words.push_back(origin().url("/status/404/" + name));
    }
    PtyProcess leat(words, terminal_of(columns));
    CHECK(leat.wait() == 1);
    const auto screen = screen_after(leat.written());
    REQUIRE(screen.size() >= 8);
    for (std::size_t i = 0; i < 8; ++i) {
      CAPTURE(screen[i]);
      CHECK((screen[i].starts_with("200 ") || screen[i].starts_with("404 ")));
      CHECK(columns_of(screen[i]) < columns);
    }
  }
}

TEST_CASE("screen: a terminal whose locale is not UTF-8 gets ASCII alone") {
  PtyProcess leat({LEAT_BINARY, "get", "--retry", "0", origin().url("/ok/na\u00efve-\u65e5\u672c"),
                   origin().url("/status/404/" + std::string(100, 'x')), origin().url("/status/404/\u00e9")},
                  terminal_of(80, "C"));
  CHECK(leat.wait() == 1);
  for (const char c : leat.written()) REQUIRE(static_cast<unsigned char>(c) < 0x80);
  CHECK(holds(leat.written(), "(404 x2)"));
  CHECK(holds(leat.written(), "/ok/na?ve-??"));
}

TEST_CASE("screen: help and reports are ASCII as well on a terminal whose locale is not UTF-8") {
  PtyProcess help({LEAT_BINARY, "help", "work"}, terminal_of(100, "C"));
  CHECK(help.wait() == 0);
  CHECK(holds(help.written(), "rediss://. (TLS)"));
  PtyProcess bench({LEAT_BINARY, "bench", "-n", "40", "-c", "2", origin().url("/status/404")},
                   terminal_of(100, "C"));
  CHECK(bench.wait() == 1);
  CHECK(holds(bench.written(), "with status >= 400"));
  for (const auto& written : {help.written(), bench.written()}) {
    for (const char c : written) REQUIRE(static_cast<unsigned char>(c) < 0x80);
  }
}

TEST_CASE("screen: Ctrl-Z takes the bar away, and it is there again when the run goes on") {
  std::vector<std::string> words{LEAT_BINARY, "get", "-j", "4"};
  for (int i = 0; i < 24; ++i) words.push_back(origin().url("/delay/300/" + std::to_string(i)));
  for (const bool by_key : {true, false}) {  // or by kill -TSTP
    CAPTURE(by_key);
    PtyProcess shell(as_job(words), terminal_of(80));
    REQUIRE(shell.wait_for("4/24 done"));
    by_key ? shell.type("\x1a") : shell.signal_job(SIGTSTP);
    REQUIRE(shell.wait_for("stopped\r\n"));
    const auto stopped = screen_after(shell.written());
    for (const auto& line : stopped) {
      CAPTURE(line);
      CHECK_FALSE(holds(line, " done"));
      CHECK_FALSE(holds(line, "^Z"));
    }
    REQUIRE(shell.wait_for("/24 done", shell.written().size()));
    CHECK(shell.wait() == 0);
    CHECK(holds(shell.written(), "24 records: "));
    CHECK(holds(shell.written(), "24 ok"));
    CHECK(holds(shell.written(), "ended with 0"));
    for (const auto& line : screen_after(shell.written())) CHECK_FALSE(holds(line, " done"));
  }
}
