#include "pipelines/spec/diagnostics.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace leat::pipelines;

namespace {

std::string shown(const std::string& text, std::uint32_t offset) {
  SourceTexts sources;
  const auto source = sources.add("spec", text);
  return render(SpecFaults{{diagnose(sources, Span{source, offset, offset + 1}, "no")}, 0});
}

}  // namespace

TEST_CASE("render: it shows position, message, line, and a caret under the column") {
  CHECK(shown("lines | fecth", 8) == "spec:1:9: error: no\nlines | fecth\n        ^\n");
  CHECK(shown("a\nbc\nd", 3) == "spec:2:2: error: no\nbc\n ^\n");
  CHECK(shown("", 0) == "spec:1:1: error: no\n\n^\n");
}

TEST_CASE("render: tabs before the caret are kept so that it stands right, and a character is one column") {
  CHECK(shown("a\tb\tcd", 5) == "spec:1:6: error: no\na\tb\tcd\n \t \t ^\n");
  CHECK(shown("größe x", 8) == "spec:1:7: error: no\ngröße x\n      ^\n");
}

TEST_CASE("render: control characters reach no terminal") {
  CHECK(shown("a\x1b[31mb", 6) == "spec:1:7: error: no\na\xEF\xBF\xBD[31mb\n      ^\n");
  CHECK(shown("a\xff"
              "b",
              2) ==
        "spec:1:3: error: no\na\xEF\xBF\xBD"
        "b\n  ^\n");
}

TEST_CASE("render: a line is shown without the password of a URL in it, and the caret stands right") {
  CHECK(shown("urls http://ü:p@a.org/ | fecth", 25) ==
        "spec:1:25: error: no\nurls http://***@a.org/ | fecth\n" + std::string(24, ' ') + "^\n");
}

TEST_CASE("render: a wide line is cut around the error") {
  const std::string digits = "0123456789";
  std::string text;
  for (int i = 0; i < 30; ++i) text += digits;
  std::string hundred;
  for (int i = 0; i < 10; ++i) hundred += digits;
  CHECK(shown(text, 5) == "spec:1:6: error: no\n" + hundred + "…\n     ^\n");
  CHECK(shown(text, 60) == "spec:1:61: error: no\n" + hundred + "…\n" + std::string(60, ' ') + "^\n");
  CHECK(shown(text, 160) == "spec:1:161: error: no\n…" + hundred + "…\n" + std::string(61, ' ') + "^\n");
  CHECK(shown(text, 299) ==
        "spec:1:300: error: no\n…" + text.substr(239) + "\n" + std::string(61, ' ') + "^\n");
}

TEST_CASE("render: it says how many more errors there are") {
  CHECK(render(SpecFaults{}) == "");
  CHECK(render(SpecFaults{{}, 1}) == "and 1 more error\n");
  CHECK(render(SpecFaults{{}, 2}) == "and 2 more errors\n");
}

TEST_CASE("FaultList: it keeps the first error at each place, ten of them, in the order of the text") {
  SourceTexts sources;
  const auto source = sources.add("spec", std::string(100, 'x'));
  FaultList faults(sources);
  CHECK(faults.empty());
  for (std::uint32_t i = 0; i < 12; ++i) {
    faults.add(Span{source, 50 - i, 60}, "first " + std::to_string(50 - i));
    faults.add(Span{source, 50 - i, 60}, "second");
  }
  CHECK_FALSE(faults.empty());
  const auto taken = faults.take();
  REQUIRE(taken.shown.size() == 10);
  CHECK(taken.shown.front().message == "first 41");
  CHECK(taken.shown.back().message == "first 50");
  CHECK(taken.more == 2);
}

TEST_CASE("FaultList: it suggests the nearest name, but nothing once no message is kept") {
  constexpr std::array<std::string_view, 2> kNames{"fetch", "lines"};
  SourceTexts sources;
  const auto source = sources.add("spec", std::string(100, 'x'));
  FaultList faults(sources);
  CHECK(faults.suggest("fecth", kNames) == "; did you mean \"fetch\"?");
  CHECK(faults.suggest("zzzzz", kNames) == "");
  CHECK(faults.suggest(std::string(1000, 'f'), kNames) == "");
  for (std::uint32_t i = 0; i < 10; ++i) faults.add(Span{source, i, i + 1}, "x");
  CHECK(faults.suggest("fecth", kNames) == "");
}

TEST_CASE("in_quotes: it cuts a long text and hides control characters") {
  CHECK(in_quotes("a b") == "\"a b\"");
  CHECK(in_quotes("a\nb") ==
        "\"a\xEF\xBF\xBD"
        "b\"");
  CHECK(in_quotes(std::string(100, 'x')) == "\"" + std::string(60, 'x') + "…\"");
}
