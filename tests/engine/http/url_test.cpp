#include "engine/http/url.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using leat::Errc;
using namespace leat::http;

TEST_CASE("check_url: plain and unusual http URLs are accepted") {
  for (const char* url : {"http://a.org", "https://a.org/x?y#z", "HTTP://A.ORG/", "a.org/path",
                          "localhost:8080/x", "http://[::1]:80/", "http://u:p@a.org:1/", "http://a.org:/",
                          "http://a.org/?u=http://b/c", "http://bücher.example/"}) {
    CAPTURE(url);
    CHECK_FALSE(check_url(url).has_value());
  }
}

TEST_CASE("check_url: what is wrong with a URL is named by its code") {
  struct Case {
    std::string url;
    Errc code;
  };
  const std::vector<Case> cases{
      {"", Errc::bad_url},
      {"http://a.org/a b", Errc::bad_url},
      {"http://a.org/a\tb", Errc::bad_url},
      {"http://a.org/\x7f", Errc::bad_url},
      {std::string("http://a.org/\0x", 15), Errc::bad_url},
      {"http://", Errc::bad_url},
      {"http:///x", Errc::bad_url},
      {"http:a.org", Errc::bad_url},
      {"http://[::1/x", Errc::bad_url},
      {"http://[::1]x/", Errc::bad_url},
      {"http://a.org:99999/", Errc::bad_url},
      {"http://a.org:8x/", Errc::bad_url},
      {"http://" + std::string(254, 'a') + "/", Errc::bad_url},
      {"ftp://a.org/", Errc::unsupported_scheme},
      {"file:///etc/passwd", Errc::unsupported_scheme},
      {"data:,x", Errc::unsupported_scheme},
      {"mailto:a@b.org", Errc::unsupported_scheme},
      {"javascript:alert(1)", Errc::unsupported_scheme},
  };
  for (const auto& c : cases) {
    CAPTURE(c.url);
    const auto error = check_url(c.url);
    REQUIRE(error.has_value());
    CHECK(error->code == c.code);
  }
}

TEST_CASE("check_header: a field that could smuggle another is refused, and its value is not repeated") {
  for (const std::string& field :
       {std::string("X: secret\r\nY: b"), std::string("X: secret\n"), std::string("X: se\0cret", 9),
        std::string("secret"), std::string(": secret"), std::string("a secret: b")}) {
    const auto error = check_header(field);
    REQUIRE(error.has_value());
    CHECK(error->message.find("secret") == std::string::npos);
  }
  CHECK_FALSE(check_header("X-A: b").has_value());
  CHECK_FALSE(check_header("X-Empty;").has_value());
}

TEST_CASE("parse_url: gives the parts, defaults filled in") {
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

TEST_CASE("origin_of: is the same for every way to write one origin, and without userinfo") {
  CHECK(origin_of("http://A.org/x") == "http://a.org:80");
  CHECK(origin_of("a.org") == "http://a.org:80");
  CHECK(origin_of("http://u:p@a.org:80?x@y") == "http://a.org:80");
  CHECK(origin_of("http://a.org:/x") == "http://a.org:80");
  CHECK(origin_of("https://a.org") == "https://a.org:443");
  CHECK(origin_of("http://[::1]/") == "http://[::1]:80");
  CHECK(origin_of("http://[::1]:81/") == "http://[::1]:81");
}

TEST_CASE("without_userinfo: takes credentials out and leaves the rest") {
  CHECK(without_userinfo("http://u:p@a.org/x@y") == "http://a.org/x@y");
  CHECK(without_userinfo("http://u:p@q@a.org/") == "http://a.org/");
  CHECK(without_userinfo("http://a.org/?m=u@b") == "http://a.org/?m=u@b");
  CHECK(without_userinfo("u@a.org/x") == "a.org/x");
}

TEST_CASE("userinfo_of: is percent-decoded, and nothing where there is none") {
  CHECK(userinfo_of("http://u:p%40q@a.org/").value() == "u:p@q");
  CHECK_FALSE(userinfo_of("http://a.org/@").has_value());
}
