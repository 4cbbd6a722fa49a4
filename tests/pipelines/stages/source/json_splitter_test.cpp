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

TEST_CASE("JsonSplitter: a text has the number of the line in which it starts") {
  JsonSplitter splitter;
  splitter.feed("1\n\n{\"a\":\n2}\n");
  CHECK(splitter.next()->line == 1);
  CHECK(splitter.next()->line == 3);
  CHECK_FALSE(splitter.next());
  CHECK_FALSE(splitter.finish());
}

TEST_CASE("JsonSplitter: a text or an array that the end cuts short is not given, but named") {
  const auto cut = [](const std::string& text, std::size_t whole) {
    for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
      JsonSplitter splitter;
      std::size_t given = 0;
      for (std::size_t at = 0; at < text.size(); at += chunk) {
        splitter.feed(std::string_view(text).substr(at, chunk));
        while (splitter.next()) ++given;
      }
      if (splitter.finish()) ++given;
      CHECK(given == whole);
      if (chunk == text.size()) return splitter.cut();
    }
    return std::string();
  };
  CHECK(cut("{}\n{\"b\"", 1) == "the value that begins in line 2 is not whole");
  CHECK(cut("{}\n\"b\\\"", 1) == "the value that begins in line 2 is not whole");
  CHECK(cut("\n[{},\n{}", 2) == "the array that begins in line 2 is not closed");
  CHECK(cut("[1,2", 1) == "the array that begins in line 1 is not closed");
  CHECK(cut("[{},", 1) == "the array that begins in line 1 is not closed");
  CHECK(cut("[", 0) == "the array that begins in line 1 is not closed");
  CHECK(cut("[1,2]", 2).empty());
  CHECK(cut("1 2", 2).empty());
}

TEST_CASE("JsonSplitter: what is wrong between the items of an array is said in their place") {
  const auto faults = [](const std::string& text) {
    std::vector<std::string> said;
    JsonSplitter splitter;
    splitter.feed(text);
    while (auto next = splitter.next()) {
      said.emplace_back(next->fault.empty() ? std::string(next->text)
                                            : std::to_string(next->line) + ": " + std::string(next->fault));
    }
    CHECK(splitter.cut().empty());
    return said;
  };
  using Said = std::vector<std::string>;
  CHECK(faults("[1,\n,2]") == Said{"1", "2: an item is missing before a comma", "2"});
  CHECK(faults("[,1]") == Said{"1: an item is missing before a comma", "1"});
  CHECK(faults("[1,]") == Said{"1", "1: an item is missing between ',' and ']'"});
  CHECK(faults("[{} {}]") == Said{"{}", "1: a comma is missing between two items", "{}"});
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
