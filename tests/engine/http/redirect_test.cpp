#include "engine/http/redirect.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
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
    CHECK_FALSE(redirect(h, status, Url("http://a.org/2"), Trust::none).has_value());
    CHECK(h.url == "http://a.org/2");
    CHECK(h.method == (status < 307 ? "GET" : "POST"));
    CHECK((h.body == nullptr) == (status < 307));
  }
  Hop put = hop("PUT");
  CHECK_FALSE(redirect(put, 302, Url("http://a.org/2"), Trust::none).has_value());
  CHECK(put.method == "PUT");
  Hop head = hop("HEAD");
  CHECK_FALSE(redirect(head, 303, Url("http://a.org/2"), Trust::none).has_value());
  CHECK(head.method == "HEAD");
}

TEST_CASE("redirect: credentials and headers go along to the same origin") {
  Hop h = hop("GET");
  CHECK_FALSE(redirect(h, 302, Url("http://A.org:80/2"), Trust::none).has_value());
  CHECK(h.userpwd == "u:p");
  CHECK(h.headers == &kHeaders);
  CHECK(h.luggage.is_all());
}

TEST_CASE("redirect: they do not go to another host, port or scheme unless that is trusted") {
  for (const char* target : {"http://b.org/", "http://a.org:81/", "https://a.org/"}) {
    CAPTURE(target);
    Hop h = hop("GET");
    CHECK_FALSE(redirect(h, 302, Url(target), Trust::none).has_value());
    CHECK_FALSE(h.userpwd.has_value());
    CHECK_FALSE(h.luggage.own);
    CHECK_FALSE(h.luggage.body);
    CHECK_FALSE(h.luggage.accept);
    Hop trusted = hop("GET");
    CHECK_FALSE(redirect(trusted, 302, Url(target), Trust::all).has_value());
    CHECK(trusted.userpwd == "u:p");
    CHECK(trusted.luggage.is_all());
  }
}

TEST_CASE("redirect: fields that describe the body go wherever the body goes, and not further") {
  for (const int status : {301, 302, 303, 307, 308}) {
    CAPTURE(status);
    Hop post = hop("POST");
    CHECK_FALSE(redirect(post, status, Url("http://b.org/"), Trust::none).has_value());
    const bool kept = status >= 307;
    CHECK(post.luggage.body == kept);
    CHECK(post.luggage.accept == kept);
    CHECK_FALSE(post.luggage.own);
    CHECK_FALSE(post.userpwd.has_value());
  }
  Hop put = hop("PUT");
  CHECK_FALSE(redirect(put, 302, Url("http://b.org/"), Trust::none).has_value());
  CHECK(put.luggage.body);
  Hop same = hop("POST");
  CHECK_FALSE(redirect(same, 303, Url("http://a.org/2"), Trust::none).has_value());
  CHECK_FALSE(same.luggage.body);
  CHECK(same.luggage.own);
  CHECK(same.luggage.accept);
}

TEST_CASE("redirect: a 300 leads where its Location says, and 304, 305 and 306 lead nowhere") {
  for (const int status : {300, 301, 302, 303, 307, 308}) CHECK(is_redirect(status));
  for (const int status : {200, 299, 304, 305, 306, 309, 400}) CHECK_FALSE(is_redirect(status));
}

TEST_CASE(
    "redirect_body_wait: it waits only for a short body that ends by itself, on a connection that stays") {
  const auto waits = [](const std::string& field, std::optional<std::uint64_t> length, bool chunked = false) {
    ResponseHead head;
    head.status = 302;
    head.headers.append(field + "\r\n");
    head.content_length = length;
    head.chunked = chunked;
    return redirect_body_wait(head).count() > 0;
  };
  CHECK(waits("X: y", 5));
  CHECK(waits("Connection: keep-alive", 65536));
  CHECK(waits("X: y", std::nullopt, true));
  CHECK_FALSE(waits("X: y", std::nullopt));
  CHECK_FALSE(waits("X: y", 65537));
  CHECK_FALSE(waits("connection: Close", 5));
}

TEST_CASE("redirect_target: a Location is resolved, its blanks become %20, and its other bytes stay") {
  const std::string base = "http://a.org/d/f?q";
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/a b", "http://a.org/a%20b"},
      {"http://b.org/a b?c d", "http://b.org/a%20b?c%20d"},
      {"x", "http://a.org/d/x"},
      {"?r", "http://a.org/d/f?r"},
      {"//b.org/x", "http://b.org/x"},
      {"../x", "http://a.org/x"},
      {" /x\t ", ""},
      {"http://b.org/x?", "http://b.org/x?"},
      {"/k%2By+%2f?s=a%2bb%3D&u=http://e.org/../x", "http://a.org/k%2By+%2f?s=a%2bb%3D&u=http://e.org/../x"},
      {"http://b.org/q?a=[1]&b={x}|y^z", "http://b.org/q?a=[1]&b={x}|y^z"},
      {"http://b.org/%2e%2e/x", "http://b.org/%2e%2e/x"},
  };
  for (const auto& row : rows) {
    const auto& location = row.first;
    const auto& wanted = row.second;
    CAPTURE(location);
    const auto target = redirect_target(Url(base), 302, location);
    CHECK(target.ok() == !wanted.empty());
    if (target.ok()) CHECK(target.value() == wanted);
  }
  Hop h = hop("GET");
  CHECK_FALSE(redirect(h, 302, redirect_target(Url(base), 302, "/caf\xc3\xa9?q=\xe4\xbd\xa0 &x=%2F").value(),
                       Trust::none));
  CHECK(h.url == "http://a.org/caf%C3%A9?q=%E4%BD%A0%20&x=%2F");
}

TEST_CASE("redirect_target: control characters, other schemes and a missing host are refused") {
  for (const std::string location :
       {"/\x1b[31m", "/a\tb", "file:///x", "mailto:a@b", "http:///", "http://a b/", "http://u%0a:p@b.org/",
        "javascript:alert(1)", "javascript:1", "tel:5550100", "x-app:1", " localhost:8080/x"}) {
    CAPTURE(location);
    const auto target = redirect_target(Url("http://a.org/"), 302, location);
    REQUIRE_FALSE(target.ok());
    CHECK(target.error().code == Errc::redirect_refused);
    CHECK(target.error().http_status == 302);
  }
}

TEST_CASE("redirect: a redirect away from http and https, or from https to http, is refused") {
  for (const char* target : {"file:///etc/passwd", "ftp://a.org/", "data:,x", "gopher://a/"}) {
    Hop h = hop("GET");
    const auto refused = redirect(h, 302, Url(target), Trust::all);
    REQUIRE(refused.has_value());
    CHECK(refused->code == Errc::redirect_refused);
    CHECK(refused->http_status == 302);
  }
  Hop h = hop("GET");
  h.url = "https://a.org/";
  CHECK(redirect(h, 302, Url("http://a.org/"), Trust::none)->code == Errc::redirect_refused);
  CHECK_FALSE(redirect(h, 302, Url("http://a.org/"), Trust::all).has_value());
}

TEST_CASE("redirect: userinfo of the target is used and not kept in the URL") {
  Hop h = hop("GET");
  CHECK_FALSE(redirect(h, 302, Url("http://x:y@b.org/"), Trust::none).has_value());
  CHECK(h.url == "http://b.org/");
  CHECK(h.userpwd == "x:y");
}
