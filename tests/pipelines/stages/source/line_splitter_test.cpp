#include "pipelines/stages/source/line_splitter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::pipelines;

namespace {

// All lines of a text that is fed in pieces of `size` bytes; a '!' is put before the start of one that was
// too long.
std::vector<std::string> split(const std::string& text, std::size_t size, std::size_t limit = 100) {
  LineSplitter splitter(limit);
  std::vector<std::string> lines;
  const auto take = [&](const LineSplitter::Line& line) {
    lines.push_back((line.too_long ? "!" : "") + std::string(line.text));
  };
  for (std::size_t at = 0; at < text.size(); at += size) {
    const std::string chunk = text.substr(at, size);
    splitter.feed(chunk);
    while (auto line = splitter.next()) take(*line);
  }
  while (auto line = splitter.finish()) take(*line);
  return lines;
}

}  // namespace

TEST_CASE("LineSplitter: lines are the same however the text is cut into chunks") {
  const std::string text = "a\nbb\r\n\n\r\nccc\rc\nlast";
  const std::vector<std::string> lines{"a", "bb", "", "", "ccc\rc", "last"};
  for (std::size_t size = 1; size <= text.size(); ++size) {
    CAPTURE(size);
    CHECK(split(text, size) == lines);
  }
}

TEST_CASE("LineSplitter: a text that ends in a newline has no empty last line") {
  CHECK(split("a\n", 1) == std::vector<std::string>{"a"});
  CHECK(split("", 1).empty());
  CHECK(split("\n", 1) == std::vector<std::string>{""});
}

TEST_CASE(
    "LineSplitter: a line over the limit is told from one at the limit, and the next line is complete") {
  const std::string at(10, 'x');
  const std::string over(11, 'y');
  for (std::size_t size : {1u, 3u, 7u, 100u}) {
    CAPTURE(size);
    const std::vector<std::string> lines{at, at, "!" + over, "!" + over, "z"};
    CHECK(split(at + "\n" + at + "\r\n" + over + "\n" + over + "\r\nz", size, 10) == lines);
  }
}

TEST_CASE("LineSplitter: only the start of an endless line is held") {
  LineSplitter splitter(1u << 20);
  const std::string chunk(64 * 1024, 'x');
  for (int i = 0; i < 100; ++i) {
    splitter.feed(chunk);
    CHECK_FALSE(splitter.next());
  }
  splitter.feed("y\nz\n");
  auto line = splitter.next();
  REQUIRE(line);
  CHECK(line->too_long);
  CHECK(line->text == chunk.substr(0, LineSplitter::kShownStart));
  line = splitter.next();
  REQUIRE(line);
  CHECK(line->text == "z");
}
