#include "engine/http/message/url.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
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

TEST_CASE("check_url: the error's code says what is wrong with a URL") {
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
      {"http://us%0aer:pw@a.org/", Errc::bad_url},
      {"http://user:p%0Dw@a.org/", Errc::bad_url},
      {"u%00@a.org", Errc::bad_url},
      {"http://u%1f@a.org/", Errc::bad_url},
      {"http://u%7F@a.org/", Errc::bad_url},
      {"http://u@v%09@a.org/", Errc::bad_url},
      {"ftp://a.org/", Errc::unsupported_scheme},
      {"file:///etc/passwd", Errc::unsupported_scheme},
      {"data:,x", Errc::unsupported_scheme},
      {"mailto:a@b.org", Errc::unsupported_scheme},
      {"javascript:alert(1)", Errc::unsupported_scheme},
      {"tel:5550100", Errc::unsupported_scheme},
      {"TEL:911", Errc::unsupported_scheme},
      {"sms:5550100?body=x", Errc::unsupported_scheme},
      {"callto:555", Errc::unsupported_scheme},
      {"javascript:1", Errc::unsupported_scheme},
      {"mailto:1@b.org", Errc::unsupported_scheme},
      {"geo:37.8,-122.4", Errc::unsupported_scheme},
      {"sip:555@b.org", Errc::unsupported_scheme},
      {"mailto:", Errc::unsupported_scheme},
      {"http:", Errc::bad_url},
      {"https:", Errc::bad_url},
      {"http:8080", Errc::bad_url},
      {"://a.org", Errc::bad_url},
  };
  for (const auto& c : cases) {
    CAPTURE(c.url);
    const auto error = check_url(c.url);
    REQUIRE(error.has_value());
    CHECK(error->code == c.code);
  }
}

TEST_CASE("check_url: what lists of people have in place of a URL is bad_url, and the message says why") {
  struct Case {
    std::string url;
    std::string message;
  };
  const std::string alone = "something stands before \"http\"; the URL has to stand alone";
  const std::vector<Case> cases{
      {"http:/a.org/x", "\"//\" is missing behind \"http:\""},
      {"http:a.org/x", "\"//\" is missing behind \"http:\""},
      {"http//a.org/x", "\":\" is missing behind \"http\""},
      {"HTTPS//a.org/x", "\":\" is missing behind \"HTTPS\""},
      {"http;//a.org/x", "\":\" is missing behind \"http\""},
      {"http//:a.org/x", "\":\" is missing behind \"http\""},
      {"http://https://a.org/x", "the URL has two schemes"},
      {"//a.org/x", "a scheme is missing before \"//\""},
      {"http%3A%2F%2Fa.org%2Fx", "the URL is percent-encoded as a whole"},
      {"../x", "the URL names no host"},
      {"./x", "the URL names no host"},
      {"http://./x", "the URL names no host"},
      {"(http://a.org/x)", alone},
      {"<http://a.org/x>", alone},
      {"url=https://a.org/x", alone},
      {"\xE2\x80\x9Chttp://a.org/x\xE2\x80\x9D", alone},
      {"view-source:http://a.org/x", alone},
      {"- http://a.org/x", alone},
      {"1. HTTPS://a.org/x", alone},
      {"URL: http://a.org/x", alone},
      {"curl http://a.org/x", alone},
      {"wget 'http://a.org/x'", alone},
      {"<a href=\"http://a.org/x\">x</a>", alone},
      {"http://a.org/?q=a b&u=http://b.org/", "the URL holds a blank; write it as %20"},
      {"http://a.org/x http://a.org/y", "another URL stands behind the URL; each has to stand alone"},
      {"http://a.org/x # why", "a comment stands behind the URL, which has to stand alone"},
      {"http://a.org/x y", "the URL holds a blank; write it as %20"},
      {"a.org/x y", "the URL holds a blank; write it as %20"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.url);
    const auto error = check_url(one.url);
    REQUIRE(error.has_value());
    CHECK(error->code == Errc::bad_url);
    CHECK(error->message == one.message);
  }
  for (const char* url : {"git+https://a.org/x", "htp://a.org/x", "feed://a.org/x"}) {
    CAPTURE(url);
    REQUIRE(check_url(url).has_value());
    CHECK(check_url(url)->code == Errc::unsupported_scheme);
  }
  for (const char* url : {"http://http/x", "http/x", "http://http//x", "a..b/x"}) {
    CAPTURE(url);
    CHECK_FALSE(check_url(url).has_value());
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

TEST_CASE("origin_of: it is the same for every way to write one origin, and has no userinfo") {
  CHECK(origin_of("http://A.org/x") == "http://a.org:80");
  CHECK(origin_of("a.org") == "http://a.org:80");
  CHECK(origin_of("http://u:p@a.org:80?x@y") == "http://a.org:80");
  CHECK(origin_of("http://a.org:/x") == "http://a.org:80");
  CHECK(origin_of("https://a.org") == "https://a.org:443");
  CHECK(origin_of("http://[::1]/") == "http://[::1]:80");
  CHECK(origin_of("http://[::1]:81/") == "http://[::1]:81");
}

TEST_CASE("without_userinfo: it removes the credentials and leaves the rest") {
  CHECK(without_userinfo("http://u:p@a.org/x@y") == "http://a.org/x@y");
  CHECK(without_userinfo("http://u:p@q@a.org/") == "http://a.org/");
  CHECK(without_userinfo("http://a.org/?m=u@b") == "http://a.org/?m=u@b");
  CHECK(without_userinfo("u@a.org/x") == "a.org/x");
}

TEST_CASE("check_url: other encoded bytes in the userinfo, and control characters elsewhere, are accepted") {
  for (const char* url : {"http://us%41er:%20%ff@a.org/", "http://u%@a.org/", "http://u%0@a.org/",
                          "http://u%0g@a.org/", "http://a.org/%0a?x=%00", "http://a.org/x@%0d"}) {
    CAPTURE(url);
    CHECK_FALSE(check_url(url).has_value());
  }
}

TEST_CASE("sent_url: bytes beyond ASCII after the host are percent-encoded, and all others stay") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"http://h/caf\xc3\xa9?q=\xe4\xbd\xa0&x=%2F+", "http://h/caf%C3%A9?q=%E4%BD%A0&x=%2F+"},
      {"http://h/%C3%a9/%/a b?x=%e4", "http://h/%C3%a9/%/a b?x=%e4"},
      {"http://h?\xff", "http://h?%FF"},
      {"http://b\xc3\xbc.org/\xc3\xbc#\xc3\xbc", "http://b\xc3\xbc.org/%C3%BC#%C3%BC"},
      {"http://u:p@h:80/x?", "http://h:80/x?"},
      {"HTTPS://H/q?a=[1]&b={x}|y^z", "HTTPS://H/q?a=[1]&b={x}|y^z"},
      {"h:8080/x", "http://h:8080/x"},
      {"u:p@h/x@y", "http://h/x@y"},
      {"h/x?u=http://y/", "http://h/x?u=http://y/"},
  };
  for (const auto& row : rows) {
    const auto& url = row.first;
    const auto& sent = row.second;
    CAPTURE(url);
    CHECK(sent_url(Url(url)) == sent);
  }
}

TEST_CASE("with_scheme: it puts http:// before a URL that has no scheme") {
  CHECK(with_scheme("h:8080/x?u=http://y/") == "http://h:8080/x?u=http://y/");
  CHECK(with_scheme("u:p@h") == "http://u:p@h");
  CHECK(with_scheme("HTTPS://h/") == "HTTPS://h/");
}

TEST_CASE("Url: a URL is split into its parts as they are written") {
  struct Row {
    std::string url;
    std::string scheme, userinfo, host, host_port, rest;
  };
  const std::vector<Row> rows{
      {"http://a.org/x?y#z", "http", "", "a.org", "a.org", "/x?y#z"},
      {"HTTPS://A.org:8443", "HTTPS", "", "A.org", "A.org:8443", ""},
      {"https://u:p@q@a.org:?x@y", "https", "u:p@q", "a.org", "a.org:", "?x@y"},
      {"a.org:80/http://b", "", "", "a.org", "a.org:80", "/http://b"},
      {"u@[::1]:80#f", "", "u", "[::1]", "[::1]:80", "#f"},
      {"http://[::1]", "http", "", "[::1]", "[::1]", ""},
      {"http:///x", "http", "", "", "", "/x"},
      {"http://@h", "http", "", "h", "h", ""},
      {"://h", "", "", "h", "h", ""},
      {"", "", "", "", "", ""},
  };
  for (const auto& row : rows) {
    const Url url(row.url);
    CAPTURE(url.text());
    CHECK(url == row.url);
    CHECK(url.scheme() == row.scheme);
    CHECK(url.has_scheme() == !row.scheme.empty());
    CHECK(url.userinfo() == row.userinfo);
    CHECK(url.host() == row.host);
    CHECK(url.host_port() == row.host_port);
    CHECK(url.rest() == row.rest);
    CHECK(std::string(url.before_path()).append(url.rest()) == row.url);
    CHECK(url.is_https() == (row.scheme == "https" || row.scheme == "HTTPS"));
    CHECK(url.origin() == origin_of(row.url));
  }
}

TEST_CASE("Url: a new text, a copy and a move have parts of their own") {
  Url url("https://u@A.org/x");
  Url copy(url);
  const Url moved(std::move(url));
  copy = "http://b.org:8080/y";
  CHECK(moved.origin() == "https://a.org:443");
  CHECK(moved.userinfo() == "u");
  CHECK(copy.origin() == "http://b.org:8080");
  CHECK_FALSE(copy.has_userinfo());
  copy = copy.rest();
  CHECK(copy == "/y");
  CHECK(copy.host().empty());
}

TEST_CASE("check_url: a host without a scheme may have a port, whatever it is called") {
  for (const char* url : {"localhost:8080", "localhost:8080/x", "data:9200/", "geo:8080/x", "sip:5060",
                          "about:80?x", "localhost:", "user:1pw@a.org/"}) {
    CAPTURE(url);
    CHECK_FALSE(check_url(url).has_value());
  }
}
