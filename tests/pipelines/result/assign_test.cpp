#include "pipelines/result/assign.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "pipelines/expr/json.hpp"

using namespace leat::pipelines;

namespace {

std::vector<std::string> after_setting(std::vector<std::string> headers, std::string_view place) {
  Record record;
  record.request.headers = std::move(headers);
  JsonDoc value;
  REQUIRE_FALSE(value.parse("\"2\""));
  REQUIRE_FALSE(assign(record, place, value.root()));
  return record.request.headers;
}

}  // namespace

TEST_CASE("assign: a header replaces one with the same name, in upper or lower case") {
  CHECK(after_setting({"X-A: 1", "x-a:1", "X-AB: 1"}, "header.x-A") ==
        std::vector<std::string>{"X-AB: 1", "x-A: 2"});
}

TEST_CASE("assign: of a URL that is refused, no part of a password is kept, however long it is") {
  Record record;
  JsonDoc value;
  const std::string text = "\"http://u:" + std::string(300, 's') + "@a.org/ x\"";
  REQUIRE_FALSE(value.parse(text));
  CHECK(assign(record, "url", value.root()).has_value());
  CHECK(record.input == "http://a.org/ x");
}

TEST_CASE("assign: a header does not replace one whose name differs in more than the case of letters") {
  CHECK(after_setting({"X^A: 1"}, "header.X~A") == std::vector<std::string>{"X^A: 1", "X~A: 2"});
}
