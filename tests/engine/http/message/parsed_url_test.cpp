#include "engine/http/message/parsed_url.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

using leat::http::CurlText;
using leat::http::ParsedUrl;
using leat::http::Url;

namespace {

std::string text_of(const ParsedUrl& url) {
  char* raw = nullptr;
  if (curl_url_get(url.get(), CURLUPART_URL, &raw, 0) != CURLUE_OK) return "-";
  const CurlText text(raw);
  return text.get();
}

// Gives what libcurl sends if it is given no target.
std::string target_of(const ParsedUrl& url) {
  std::string target;
  for (const CURLUPart part : {CURLUPART_PATH, CURLUPART_QUERY}) {
    char* raw = nullptr;
    if (curl_url_get(url.get(), part, &raw, 0) != CURLUE_OK) continue;
    const CurlText text(raw);
    if (part == CURLUPART_QUERY) target += '?';
    target += text.get();
  }
  return target;
}

std::string parsed_alone(const std::string& url) {
  ParsedUrl fresh;
  return fresh.assign(Url(url)) ? text_of(fresh) : "refused";
}

}  // namespace

TEST_CASE("ParsedUrl: a URL means the same as when it is parsed alone, whatever the object held before") {
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
                                      "http://127.0.0.1:8080/x?y",
                                      "http://127.0.0.1.:8080/x",
                                      "http://127.0.0.01/x",
                                      "http://0x7f.0.0.1/x",
                                      "http://127.0.0.256/x",
                                      "http://3com.org/x",
                                      "http://1.2.3.4.5/x",
                                      "http://a.org.:80/x",
                                      "http://a.org:080/x",
                                      "http://a.org:/x",
                                      "http://u:p@a.org/x",
                                      "http://a%2eorg/x",
                                      "http:///x",
                                      "https://b.org:443/x",
                                      "https://b-c.org/x?q",
                                      "http://a.org/\xC3\xA9",
                                      "http://a.org//x//y",
                                      "http://a.org/x?q=%20a",
                                      "http://a.org/x?q=../.."};
  for (const auto& first : urls) {
    for (const auto& second : urls) {
      CAPTURE(first);
      CAPTURE(second);
      ParsedUrl url;
      const bool held = url.assign(Url(first));
      CHECK(held == (parsed_alone(first) != "refused"));
      const bool parsed = url.assign(Url(second));
      CHECK((parsed ? text_of(url) : "refused") == parsed_alone(second));
    }
  }
}

TEST_CASE("ParsedUrl: the same is true of random URLs of one host, one after the other") {
  std::mt19937 random(11);
  const std::string letters = "/.?#%&=a2F~";
  ParsedUrl url;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = "http://a.org";
    const auto size = random() % 10;
    for (std::size_t i = 0; i < size; ++i) text += letters[random() % letters.size()];
    CAPTURE(text);
    const bool parsed = url.assign(Url(text));
    CHECK((parsed ? text_of(url) : "refused") == parsed_alone(text));
  }
}

TEST_CASE("ParsedUrl: the same is true of random hosts and ports, one after the other") {
  std::mt19937 random(12);
  const std::string letters = "0129.:-_xfaZ@[]/";
  ParsedUrl url;
  for (int round = 0; round < 50'000; ++round) {
    std::string text = random() % 8 == 0 ? "https://" : "http://";
    if (random() % 2 == 0) {
      for (int part = 0; part < 4; ++part)
        text += (part == 0 ? "" : ".") + std::to_string(random() % 300 * (random() % 4 != 0));
      if (random() % 2 == 0) text += ":" + std::to_string(random() % 70'000);
    } else {
      const auto size = random() % 12;
      for (std::size_t i = 0; i < size; ++i) text += letters[random() % letters.size()];
    }
    text += "/x";
    CAPTURE(text);
    const bool parsed = url.assign(Url(text));
    CHECK((parsed ? text_of(url) : "refused") == parsed_alone(text));
  }
}

TEST_CASE("ParsedUrl: a text that can't be parsed is refused, and the next URL is accepted") {
  ParsedUrl url;
  CHECK_FALSE(url.assign(Url("http://a.org:port/")));
  CHECK_FALSE(url.assign(Url("http://a b/")));
  REQUIRE(url.assign(Url("http://a.org/x")));
  CHECK_FALSE(url.assign(Url("http://[::1/")));
  REQUIRE(url.assign(Url("http://a.org/y")));
  CHECK(text_of(url) == "http://a.org/y");
}

TEST_CASE("ParsedUrl: an encoded dot stays, dot segments go, and an empty query keeps its '?'") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/%2e%2e/x", "/%2e%2e/x"},
      {"/a/%2E./x?q=%2e", "/a/%2E./x?q=%2e"},
      {"/a/b/../%2e/x", "/a/%2e/x"},
      {"/a/./b%2ec/..", "/a/"},
      {"/a/../b", "/b"},
      {"/x?", "/x?"},
      {"/x?#part", "/x?"},
      {"/%2e/x?", "/%2e/x?"},
      {"?", "/?"},
      {"/x??", "/x??"},
      {"/x#?", "/x"},
      {"/x?a", "/x?a"},
      {"", "/"},
  };
  ParsedUrl parsed;
  for (const auto& row : rows) {
    const Url url("http://a.org" + row.first);
    CAPTURE(row.first);
    ParsedUrl fresh;
    for (ParsedUrl* const one : {&parsed, &fresh}) {
      REQUIRE(one->assign(url));
      const std::string kept = one->target_kept_from(url);
      CHECK((kept.empty() ? target_of(*one) : kept) == row.second);
    }
  }
}

TEST_CASE("ParsedUrl: a path that is to be sent as it is keeps all its dots") {
  ParsedUrl parsed;
  REQUIRE(parsed.assign(Url("http://a.org/a/../%2e/./x"), true));
  CHECK(target_of(parsed) == "/a/../%2e/./x");
}
