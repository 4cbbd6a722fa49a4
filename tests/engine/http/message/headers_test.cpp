#include "engine/http/message/headers.hpp"

#include <doctest/doctest.h>

#include <string>

using leat::http::Headers;

TEST_CASE("Headers: a field is found by its name in any case, and its value is trimmed") {
  Headers headers;
  headers.append("Content-Type:  text/html \r\n");
  headers.append("ETag:\"v1\"\n");
  headers.append("X-Empty:\r\n");
  CHECK(headers.find("content-type").value() == "text/html");
  CHECK(headers.find("ETAG").value() == "\"v1\"");
  CHECK(headers.find("x-empty").value().empty());
  CHECK_FALSE(headers.find("x-none").has_value());
}

TEST_CASE("Headers: the first of several equal names is found, and all are listed in order") {
  Headers headers;
  headers.append("A: 1\r\n");
  headers.append("nonsense\r\n");
  headers.append("a: 2\r\n");
  CHECK(headers.find("a").value() == "1");
  std::string all;
  headers.for_each([&](std::string_view name, std::string_view value) { all.append(name).append(value); });
  CHECK(all == "A1a2");
}

TEST_CASE("Headers: after clear it is empty") {
  Headers headers;
  headers.append("A: 1\r\n");
  headers.clear();
  CHECK_FALSE(headers.find("a").has_value());
  CHECK(headers.size_bytes() == 0);
}

TEST_CASE("Headers: a folded line continues the field before it, after one blank") {
  Headers headers;
  headers.append("A: 1 \r\n");
  headers.append("B:\r\n");
  headers.unfold(" \t x\r\n");
  headers.unfold("\ty \r\n");
  CHECK(headers.last() == "B: x y \r\n");
  headers.append("C: 3\r\n");
  CHECK(headers.find("a").value() == "1");
  CHECK(headers.find("b").value() == "x y");
  CHECK(headers.find("c").value() == "3");
}
