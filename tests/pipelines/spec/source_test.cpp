#include "pipelines/spec/source.hpp"

#include <doctest/doctest.h>

using namespace leat::pipelines;

TEST_CASE("SourceTexts: lines and columns count from 1, and columns count characters") {
  SourceTexts sources;
  const auto source = sources.add("spec", "ab\nü=€x\n\nend");
  const auto at = [&](std::uint32_t offset) { return sources.locate(Span{source, offset, offset}); };
  CHECK(at(0).line == 1);
  CHECK(at(0).column == 1);
  CHECK(at(2).column == 3);  // the newline belongs to its line
  CHECK(at(3).line == 2);
  CHECK(at(3).column == 1);
  CHECK(at(6).column == 3);
  CHECK(at(9).column == 4);
  CHECK(at(11).line == 3);
  CHECK(at(15).line == 4);
  CHECK(at(15).column == 4);
}

TEST_CASE("SourceTexts: it gives the line of a place without the line's end") {
  SourceTexts sources;
  const auto source = sources.add("spec", "ab\r\ncd\n");
  const auto line = [&](std::uint32_t offset) { return sources.line_of(Span{source, offset, offset}); };
  CHECK(line(0) == "ab");
  CHECK(line(3) == "ab");
  CHECK(line(4) == "cd");
  CHECK(line(6) == "cd");
  CHECK(line(7) == "");
}

TEST_CASE("SourceTexts: a byte order mark is not part of the text, and a byte of no character is a column") {
  SourceTexts sources;
  const auto source = sources.add("spec",
                                  "\xEF\xBB\xBF"
                                  "a\xff\xfe"
                                  "b");
  CHECK(sources.text(source) ==
        "a\xff\xfe"
        "b");
  CHECK(sources.locate(Span{source, 3, 4}).column == 4);
}

TEST_CASE("SourceTexts: each text has its own name, and views into one stay valid when others are added") {
  SourceTexts sources;
  const auto first = sources.add("one", "x");
  const auto view = sources.text(first);
  for (int i = 0; i < 100; ++i) sources.add("more", "y");
  CHECK(sources.text(first).data() == view.data());
  CHECK(sources.name(first) == "one");
  CHECK(sources.name(first + 1) == "more");
}
