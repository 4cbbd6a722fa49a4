#include "engine/http/message/ascii_host.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace leat;
using leat::http::make_host_ascii;

namespace {

std::string ascii(std::string text) {
  leat::http::Url url(std::move(text));
  const Status wrong = make_host_ascii(url);
  return wrong ? std::string(to_string(wrong->code)) : url.text();
}

}  // namespace

TEST_CASE(
    "make_host_ascii: a name in any script becomes xn--, whatever the locale, and nothing else changes") {
  CHECK(ascii("http://b\u00fccher.example/\u00fc?\u00fc") == "http://xn--bcher-kva.example/\u00fc?\u00fc");
  CHECK(ascii("https://b\u00fccher.example:8443") == "https://xn--bcher-kva.example:8443");
  CHECK(ascii("b\u00fccher.example:80/x") == "xn--bcher-kva.example:80/x");
  CHECK(ascii("http://B\u00dcCHER.example/") == "http://xn--bcher-kva.example/");
  CHECK(ascii("http://\u4f8b\u3048.\u30c6\u30b9\u30c8/") == "http://xn--r8jz45g.xn--zckzah/");
}

TEST_CASE("make_host_ascii: a host in ASCII stays as it was written") {
  for (const char* url :
       {"http://A.org/\u00fc", "http://xn--bcher-kva.example/", "http://[::1]:80/", "a.org", ""})
    CHECK(ascii(url) == url);
}

TEST_CASE("make_host_ascii: a text that can't be a name is bad_url") {
  for (const char* url : {"http://\u202e.example/", "http://\u00fc\xff/"}) CHECK(ascii(url) == "bad_url");
}

TEST_CASE("make_host_ascii: a name with signs, which only the older rules allow, is taken as curl takes it") {
  CHECK(ascii("http://\u2603.example/") == "http://xn--n3h.example/");
  CHECK(ascii("http://i\u2665u.example/") == "http://xn--iu-t0x.example/");
  CHECK(ascii("http://fa\u00df.example/") == "http://xn--fa-hia.example/");
}
