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

TEST_CASE("parse_url: a usual URL is read as libcurl reads it") {
  const char* const kHosts[] = {"h",          "example.org", "a-b.c1",
                                "127.0.0.1",  "0.0.0.0",     "255.255.255.255",
                                "1.2.3",      "1.2.3.4.5",   "256.1.1.1",
                                "01.2.3.4",   "127.1",       "0x7f.1",
                                "1.2.3.x",    "1a.b",        "a.1",
                                "a.1b",       "a.",          "a..b",
                                ".a",         "-a",          "Example.ORG",
                                "a_b.c",      "2130706433",  "x.0x7f",
                                "127.0.0.1.", "1.2.3.4a",    "ftp.example.org"};
  const char* const kPorts[] = {"",       ":",      ":1", ":80",  ":443",   ":8080",
                                ":65535", ":65536", ":0", ":080", ":99999", ":8a"};
  const char* const kPaths[] = {"",        "/",     "/a",      "/a/b.html", "/a//b", "/.",  "/..",
                                "/a/../b", "/a/.b", "/a.",     "/a/b..c",   "/%7Ea", "/~a", "/a?b",
                                "/a b",    "?b",    "/a_b-C9", "/a;b",      "//x"};
  for (const char* scheme : {"http://", "https://", "HTTP://", ""}) {
    for (const char* host : kHosts) {
      for (const char* port : kPorts) {
        for (const char* path : kPaths) {
          const std::string url = std::string(scheme) + host + port + path;
          CAPTURE(url);
          auto parts = parse_url(url);
          auto by_libcurl = parse_url(url + "#x");  // which no usual URL has
          REQUIRE(parts.ok() == by_libcurl.ok());
          if (!parts) continue;
          CHECK(parts->scheme == by_libcurl->scheme);
          CHECK(parts->host == by_libcurl->host);
          CHECK(parts->port == by_libcurl->port);
          CHECK(parts->path == by_libcurl->path);
          CHECK(parts->query == by_libcurl->query);
        }
      }
    }
  }
}
