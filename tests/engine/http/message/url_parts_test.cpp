#include "engine/http/message/url_parts.hpp"

#include <doctest/doctest.h>

using namespace leat::http;

TEST_CASE("parse_url: it gives the parts, with defaults filled in") {
  const auto url = parse_url("HTTP://User:Pw@Example.ORG/a%20b/c?q=1");
  REQUIRE(url.ok());
  CHECK(url.value().scheme == "http");
  CHECK(url.value().host == "example.org");
  CHECK(url.value().port == "80");
  CHECK(url.value().path == "/a%20b/c");
  CHECK(url.value().query == "q=1");
  auto tls = parse_url("https://[::1]");
  REQUIRE(tls.ok());
  CHECK(tls->host == "[::1]");
  CHECK(tls->port == "443");
  CHECK(tls->path == "/");
  auto guess = parse_url("ftp.example.org/x");
  REQUIRE(guess.ok());
  CHECK(guess->scheme == "http");
}

TEST_CASE("userinfo_of: the userinfo is percent-decoded, and empty if there is none") {
  CHECK(userinfo_of(Url("http://u:p%40q@a.org/")).value() == "u:p@q");
  CHECK_FALSE(userinfo_of(Url("http://a.org/@")).has_value());
}
