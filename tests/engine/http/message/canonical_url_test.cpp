#include "engine/http/message/canonical_url.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using leat::http::canonical_url;
using leat::http::drop_parameters;

TEST_CASE("canonical_url: URLs that RFC 3986 calls equivalent give one text") {
  const std::vector<std::vector<std::string>> groups{
      {"http://a.org/", "http://a.org", "HTTP://A.ORG/", "http://a.org:80", "http://a.org:/",
       "http://a.org:080/", "a.org", "http://a.org/#top", "http://a.org/.", "http://a.org/x/..",
       "http://a.org/../", "http://%61.org/"},
      {"https://a.org/", "https://a.org:443/", "https://A.org"},
      {"http://a.org/~x/b", "http://a.org/%7Ex/b", "http://a.org/%7ex/b", "http://a.org/~x/./b",
       "http://a.org/y/../~x/b", "http://a.org/~x/%2E/b", "http://a.org/%7ex/c/%2e%2E/b"},
      {"http://a.org/%2F", "http://a.org/%2f"},
      {"http://a.org/\xC3\xA9", "http://a.org/%c3%a9", "http://a.org/%C3%A9#x"},
      {"http://a.org?x=%7e&y", "http://a.org/?x=~&y", "http://a.org/?x=~&%79"},
      {"http://[::1]/x", "http://[::1]:80/x", "http://[::1]:/x"},
      {"http://u@a.org/", "http://u@A.org:80"}};
  for (const auto& group : groups) {
    for (const auto& url : group) {
      CAPTURE(url);
      CHECK(canonical_url(url) == canonical_url(group.front()));
      CHECK(canonical_url(canonical_url(url)) == canonical_url(url));
    }
  }
  CHECK(canonical_url("HTTP://A.org:80/%7eX/./y?%2F%7e#z") == "http://a.org/~X/y?%2F~");
}

TEST_CASE("canonical_url: URLs that differ stay different") {
  const std::vector<std::string> urls{
      "http://a.org/",        "https://a.org/",    "http://a.org:8080/", "http://a.org:443/",
      "http://b.org/",        "http://a.org/x",    "http://a.org/X",     "http://a.org/x/",
      "http://a.org//x",      "http://a.org/%2Fx", "http://a.org/?",     "http://a.org/?x",
      "http://a.org/?x=1",    "http://a.org/%3Fx", "http://a.org/%",     "http://a.org/%2",
      "http://a.org/?a/../b", "http://u@a.org/",   "http://[::1]/",      "http://[::1]:8/"};
  for (std::size_t i = 0; i < urls.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      CAPTURE(urls[i]);
      CAPTURE(urls[j]);
      CHECK(canonical_url(urls[i]) != canonical_url(urls[j]));
    }
  }
}

TEST_CASE("drop_parameters: parameters are left out by their names, and a query that is left empty, too") {
  const auto without = [](std::string url, const std::vector<std::string>& names) {
    drop_parameters(url, names);
    return url;
  };
  const std::vector<std::string> names{"utm_*", "PHPSESSID", "*id*x"};
  CHECK(without("http://a/?utm_source=1&x=2&utm_=3&PHPSESSID=4", names) == "http://a/?x=2");
  CHECK(without("http://a/?utm_source", names) == "http://a/");
  CHECK(without("http://a/?utm=1&phpsessid=2&PHPSESSIDS", names) == "http://a/?utm=1&phpsessid=2&PHPSESSIDS");
  CHECK(without("http://a/?aidbx=1&idx&xid", names) == "http://a/?xid");
  CHECK(without("http://a/?x", {"*"}) == "http://a/");
  CHECK(without("http://a/utm_x", names) == "http://a/utm_x");
  CHECK(without("http://a/?", {}) == "http://a/?");
}
