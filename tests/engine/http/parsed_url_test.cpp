#include "engine/http/parsed_url.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using leat::http::CurlText;
using leat::http::ParsedUrl;

namespace {

std::string text_of(const ParsedUrl& url) {
  char* raw = nullptr;
  if (curl_url_get(url.get(), CURLUPART_URL, &raw, 0) != CURLUE_OK) return "-";
  const CurlText text(raw);
  return text.get();
}

std::string parsed_alone(const std::string& url) {
  ParsedUrl fresh;
  return fresh.assign(url) ? text_of(fresh) : "refused";
}

}  // namespace

TEST_CASE("ParsedUrl: whatever it held before, a URL means the same as parsed alone") {
  const std::vector<std::string> urls{"http://a.org/x",
                                      "http://a.org/x/y?q=1",
                                      "http://a.org",
                                      "http://a.org/",
                                      "http://a.org/?",
                                      "http://a.org?x=1",
                                      "http://a.org/a/../b",
                                      "http://a.org/.hidden",
                                      "http://a.org/a.b/c.d",
                                      "http://a.org/%2F%aA",
                                      "http://a.org/x#frag",
                                      "http://a.org/x?a#b",
                                      "http://a.org/x?a?b=/",
                                      "http://a.org:81/x",
                                      "http://a.org.evil.org/x",
                                      "http://a.orgx/x",
                                      "http://a.org@b.org/x",
                                      "http://A.ORG/x",
                                      "a.org/x",
                                      "ftp.a.org/x",
                                      "https://a.org/x",
                                      "http://[::1]:8080/x",
                                      "http://127.1/x",
                                      "http://a.org/\xC3\xA9",
                                      "http://a.org//x//y",
                                      "http://a.org/x?q=%20a",
                                      "http://a.org/x?q=../.."};
  for (const auto& first : urls) {
    for (const auto& second : urls) {
      CAPTURE(first);
      CAPTURE(second);
      ParsedUrl url;
      REQUIRE(url.assign(first));
      REQUIRE(url.assign(second));
      CHECK(text_of(url) == parsed_alone(second));
    }
  }
}

TEST_CASE("ParsedUrl: the same for random URLs of one host, one after the other") {
  std::mt19937 random(11);
  const std::string letters = "/.?#%&=a2F~";
  ParsedUrl url;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = "http://a.org";
    const auto size = random() % 10;
    for (std::size_t i = 0; i < size; ++i) text += letters[random() % letters.size()];
    CAPTURE(text);
    const bool parsed = url.assign(text);
    CHECK((parsed ? text_of(url) : "refused") == parsed_alone(text));
  }
}

TEST_CASE("ParsedUrl: what can't be parsed is refused, and the next one is taken") {
  ParsedUrl url;
  CHECK_FALSE(url.assign("http://a.org:port/"));
  CHECK_FALSE(url.assign("http://a b/"));
  REQUIRE(url.assign("http://a.org/x"));
  CHECK_FALSE(url.assign("http://[::1/"));
  REQUIRE(url.assign("http://a.org/y"));
  CHECK(text_of(url) == "http://a.org/y");
}
