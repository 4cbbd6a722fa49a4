#include "engine/http/connect/proxies.hpp"

#include <doctest/doctest.h>

#include <string>

using leat::Errc;
using namespace leat::http;

TEST_CASE("parse_proxy: it takes scheme, credentials and host apart") {
  const auto plain = parse_proxy("proxy.example:3128");
  REQUIRE(plain.ok());
  CHECK(plain.value().url == "http://proxy.example:3128");
  CHECK(plain.value().userpwd.empty());
  const auto all = parse_proxy("SOCKS5h://me:p%40w@[::1]:1080/");
  REQUIRE(all.ok());
  CHECK(all.value().url == "socks5h://[::1]:1080");
  CHECK(all.value().userpwd == "me:p%40w");
  const auto odd = parse_proxy("http://me:a/b@c@host");
  REQUIRE(odd.ok());
  CHECK(odd.value().url == "http://host");
  CHECK(odd.value().userpwd == "me:a/b@c");
  CHECK_FALSE(parse_proxy("http://me:secret@[/"));
  CHECK_FALSE(parse_proxy("host:99999"));
  CHECK(parse_proxy("").value().url.empty());
}

TEST_CASE("parse_proxy: an error says what is wrong and shows nothing of the credentials") {
  for (const char* text :
       {"ftp://me:hunter2@host", "http://me:hunter2@", "http://", "http://me:hunter2@ho st", ":3128"}) {
    CAPTURE(text);
    const auto refused = parse_proxy(text);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == Errc::bad_input);
    CHECK(refused.error().message.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("Proxies: a given proxy is for every scheme, and an empty one is none") {
  WireOptions options;
  options.proxy = "http://a:1";
  options.proxy_user = "me:pw";
  const Proxies given(options);
  CHECK(given.any());
  CHECK(given.of("http://x/").url == "http://a:1");
  CHECK(given.of("HTTPS://x/").userpwd == "me:pw");
  options.proxy = "";
  CHECK_FALSE(Proxies(options).any());
}

TEST_CASE("Proxies: an origin is behind a proxy if its scheme has one and its name needs one") {
  WireOptions options;
  options.proxy = "http://proxy.test:3128";
  options.noproxy = "near.test";
  const Proxies proxies(options);
  CHECK(proxies.lead_to("http://far.test:80"));
  CHECK(proxies.lead_to("https://far.test:443"));
  CHECK_FALSE(proxies.lead_to("http://near.test:80"));
  CHECK_FALSE(proxies.lead_to("http://a.near.test:8080"));
  options.proxy = "";
  CHECK_FALSE(Proxies(options).lead_to("http://far.test:80"));
}
