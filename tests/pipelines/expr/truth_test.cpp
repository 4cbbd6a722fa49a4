#include "pipelines/expr/truth.hpp"

#include <doctest/doctest.h>

#include <string_view>

using namespace leat::pipelines;

TEST_CASE("is_true: everything but false and null is true, as in jq") {
  for (const std::string_view json : {"true", "0", "\"\"", "\"false\"", "[]", "{}", "[null]"}) {
    CAPTURE(json);
    CHECK(is_true(json));
  }
  CHECK_FALSE(is_true("false"));
  CHECK_FALSE(is_true("null"));
}

TEST_CASE("is_true: a program holds if any of its outputs is true") {
  JsonTexts outputs;
  CHECK_FALSE(is_true(outputs));
  outputs.add("null");
  outputs.add("false");
  CHECK_FALSE(is_true(outputs));
  outputs.add("0");
  CHECK(is_true(outputs));
}
