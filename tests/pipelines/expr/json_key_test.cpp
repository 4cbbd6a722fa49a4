#include "pipelines/expr/json_key.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::pipelines;

namespace {

std::string key_of(const std::string& json) {
  JsonKey key;
  std::string out;
  key.append(out, json);
  return out;
}

}  // namespace

TEST_CASE("JsonKey: values that are equal are one key, however they are written") {
  const std::vector<std::vector<std::string>> groups{
      {"1", "1.0", "1e0", "10e-1"},
      {"0", "-0", "0.0"},
      {"\"1\"", "\"\\u0031\""},
      {"\"é\"", "\"\\u00e9\"", "\"\\u00E9\""},
      {"\"/\"", "\"\\/\""},
      {"\"😀\"", "\"\\ud83d\\ude00\""},
      {R"({"a":1,"b":[2.0]})", R"({ "b" : [ 2 ], "a" : 1.00 })", R"({"a":3,"\u0062":[2],"a":1})"},
      {"[1,2]", "[1.0, 2e0]"},
      {"[2,1]"},
      {"{}"},
      {"[]"},
      {"null"},
      {"\"null\""},
      {"true"},
      {"9007199254740993"},
      {"9007199254740992", "9.007199254740992e15"},
      {R"({"a":null})"},
  };
  for (const auto& group : groups) {
    for (const auto& other : groups) {
      for (const auto& a : group) {
        for (const auto& b : other) {
          CAPTURE(a);
          CAPTURE(b);
          CHECK((key_of(a) == key_of(b)) == (&group == &other));
        }
      }
    }
  }
}

TEST_CASE("JsonKey: what is written as usual is its own key") {
  for (const char* usual :
       {"1", "-17", "200", "0.5", "\"http://a.org/x?y=1\"", "\"é\"", R"({"a":[1,"x\n"],"b":null})"}) {
    CHECK(key_of(usual) == usual);
  }
}

TEST_CASE("JsonKey: several outputs are one key, and where one ends is part of it") {
  const auto key_of_all = [](const std::vector<std::string>& outputs) {
    JsonTexts texts;
    for (const auto& output : outputs) texts.add(output);
    JsonKey key;
    std::string out;
    key.append(out, texts);
    return out;
  };
  CHECK(key_of_all({"1", "\"\\u00e9\""}) == key_of_all({"1.0", "\"é\""}));
  CHECK(key_of_all({"1", "2"}) != key_of_all({"12"}));
  CHECK(key_of_all({"1", "2"}) != key_of_all({"2", "1"}));
  CHECK(key_of_all({}).empty());
}
