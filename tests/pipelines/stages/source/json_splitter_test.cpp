#include "pipelines/stages/source/json_splitter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::pipelines;

namespace {

/// The texts of a stream that comes in chunks of that size.
std::vector<std::string> split(const std::string& text, std::size_t chunk) {
  JsonSplitter splitter;
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < text.size(); at += chunk) {
    splitter.feed(std::string_view(text).substr(at, chunk));
    while (auto next = splitter.next()) texts.emplace_back(next->text);
  }
  if (auto last = splitter.finish()) texts.emplace_back(last->text);
  return texts;
}

}  // namespace

TEST_CASE(
    "JsonSplitter: it gives texts one after the other, and the items of one array, from chunks of any size") {
  const std::string values = "{\"a\":[1,{\"b\":\"}]\\\"\"}]}\n 12 \"x\\\\\" null\n[1]";
  const std::vector<std::string> wanted{"{\"a\":[1,{\"b\":\"}]\\\"\"}]}", "12", "\"x\\\\\"", "null", "[1]"};
  const std::string array = "[" + wanted[0] + " , 12,\"x\\\\\",null,[1]]\n";
  for (std::size_t chunk = 1; chunk < 40; ++chunk) {
    CHECK(split(values, chunk) == wanted);
    CHECK(split(array, chunk) == wanted);
  }
}

TEST_CASE(
    "JsonSplitter: a text has the number of the line in which it starts, and a text that is cut off is given "
    "as it is") {
  JsonSplitter splitter;
  splitter.feed("1\n\n{\"a\":\n2}\n{\"b\"");
  CHECK(splitter.next()->line == 1);
  CHECK(splitter.next()->line == 3);
  CHECK_FALSE(splitter.next());
  const auto rest = splitter.finish();
  REQUIRE(rest);
  CHECK(rest->line == 5);
  CHECK(rest->text == "{\"b\"");
}

TEST_CASE("JsonSplitter: an endless word or string is not held for ever") {
  JsonSplitter splitter;
  const std::string some(1u << 20, 'x');
  bool too_long = false;
  for (std::size_t i = 0; i <= JsonSplitter::kMaxText / some.size() + 1 && !too_long; ++i) {
    splitter.feed(some);
    if (const auto text = splitter.next()) too_long = text->too_long;
  }
  CHECK(too_long);
}
