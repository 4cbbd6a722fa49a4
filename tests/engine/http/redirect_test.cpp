#include "engine/http/redirect.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using leat::Errc;
using namespace leat::http;

namespace {

const std::vector<std::string> kHeaders{"X-Api-Key: k"};
const std::string kBody = "b";

Hop hop(const std::string& method) {
  Hop h;
  h.url = "http://a.org/1";
  h.method = method;
  h.userpwd = "u:p";
  h.body = method == "GET" ? nullptr : &kBody;
  h.headers = &kHeaders;
  return h;
}

}  // namespace

TEST_CASE("redirect: 301, 302 and 303 make a POST a GET without body, 307 and 308 keep it") {
  for (const int status : {301, 302, 303, 307, 308}) {
    CAPTURE(status);
    Hop h = hop("POST");
    CHECK_FALSE(redirect(h, status, "http://a.org/2", false).has_value());
    CHECK(h.url == "http://a.org/2");
    CHECK(h.method == (status < 307 ? "GET" : "POST"));
    CHECK((h.body == nullptr) == (status < 307));
  }
  Hop put = hop("PUT");
  CHECK_FALSE(redirect(put, 302, "http://a.org/2", false).has_value());
  CHECK(put.method == "PUT");
  Hop head = hop("HEAD");
  CHECK_FALSE(redirect(head, 303, "http://a.org/2", false).has_value());
  CHECK(head.method == "HEAD");
}

TEST_CASE("redirect: to the same origin credentials and headers go along") {
  Hop h = hop("GET");
  CHECK_FALSE(redirect(h, 302, "http://A.org:80/2", false).has_value());
  CHECK(h.userpwd == "u:p");
  CHECK(h.headers == &kHeaders);
  CHECK(h.client_headers);
}

TEST_CASE("redirect: to another host, port or scheme they stay behind unless trusted") {
  for (const char* target : {"http://b.org/", "http://a.org:81/", "https://a.org/"}) {
    CAPTURE(target);
    Hop h = hop("GET");
    CHECK_FALSE(redirect(h, 302, target, false).has_value());
    CHECK_FALSE(h.userpwd.has_value());
    CHECK(h.headers == nullptr);
    CHECK_FALSE(h.client_headers);
    Hop trusted = hop("GET");
    CHECK_FALSE(redirect(trusted, 302, target, true).has_value());
    CHECK(trusted.userpwd == "u:p");
    CHECK(trusted.headers == &kHeaders);
  }
}

TEST_CASE("redirect: away from http and https, and from https to http, is refused") {
  for (const char* target : {"file:///etc/passwd", "ftp://a.org/", "data:,x", "gopher://a/"}) {
    Hop h = hop("GET");
    const auto refused = redirect(h, 302, target, true);
    REQUIRE(refused.has_value());
    CHECK(refused->code == Errc::redirect_refused);
    CHECK(refused->http_status == 302);
  }
  Hop h = hop("GET");
  h.url = "https://a.org/";
  CHECK(redirect(h, 302, "http://a.org/", false)->code == Errc::redirect_refused);
  CHECK_FALSE(redirect(h, 302, "http://a.org/", true).has_value());
}

TEST_CASE("redirect: userinfo of the target is used and not kept in the URL") {
  Hop h = hop("GET");
  CHECK_FALSE(redirect(h, 302, "http://x:y@b.org/", false).has_value());
  CHECK(h.url == "http://b.org/");
  CHECK(h.userpwd == "x:y");
}
