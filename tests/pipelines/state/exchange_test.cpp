#include "pipelines/state/exchange.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

Exchange whole() {
  Exchange exchange;
  exchange.request.method = "POST";
  exchange.request.url = "http://a.org/\xc3\xa9?\xff=1";
  exchange.request.headers = {"Accept: */*", "X: \x80\x01"};
  exchange.body_sha256 = "ab";
  exchange.ordinal = 3;
  exchange.times.started_at += 1'700'000'000'123'456'789ns;
  exchange.times.waited = 1234567ns;
  http::ResponseHead head;
  head.status = 200;
  head.content_length = 12;
  head.headers.append("ETag: \"x\"\r\n");
  head.headers.append("X-Latin: caf\xe9\r\n");
  exchange.head = head;
  exchange.sha256 = "cd";
  exchange.size = 12;
  http::Response response;
  response.head = head;
  response.method = "POST";
  response.url_effective = "http://b.org/";
  response.http_version = "1.1";
  response.size_download = 12;
  response.speed_download = 1e9 / 3;
  response.num_redirects = 1;
  response.remote_ip = "127.0.0.1";
  response.remote_port = 8080;
  response.length_verified = false;
  response.time_namelookup = 0.1 + 0.2;
  response.time_total = 5e-324;
  exchange.response = response;
  return exchange;
}

Exchange through_json(const Exchange& exchange) {
  auto read = exchange_from_json(to_json(exchange));
  if (!read.ok()) FAIL(read.error().message);
  return std::move(*read);
}

}  // namespace

TEST_CASE("Exchange: a response comes back from JSON unchanged, to the last bit of its times") {
  const Exchange before = whole();
  const Exchange after = through_json(before);
  CHECK(to_json(after) == to_json(before));
  CHECK(after.request.method == "POST");
  CHECK(after.request.url == before.request.url);
  CHECK(after.request.headers == before.request.headers);
  CHECK(after.body_sha256 == "ab");
  CHECK(after.ordinal == 3);
  CHECK(after.times.started_at == before.times.started_at);
  CHECK(after.times.waited == before.times.waited);
  REQUIRE(after.response);
  CHECK(after.response->head.headers.find("x-latin") == "caf\xe9");
  CHECK(after.response->head.content_length == 12u);
  CHECK(std::string(after.response->http_version) == "1.1");
  CHECK(after.response->speed_download == before.response->speed_download);
  CHECK(after.response->time_namelookup == before.response->time_namelookup);
  CHECK(after.response->time_total == before.response->time_total);
  CHECK_FALSE(after.response->length_verified);
  CHECK(after.response->remote_port == 8080);
}

TEST_CASE("Exchange: a failure comes back unchanged, with or without a head") {
  Exchange before = whole();
  before.response.reset();
  Error& error = before.error.emplace(Errc::truncated, "12 of 100 bytes \xff");
  error.curl_code = 18;
  error.os_errno = 104;
  error.retryable = false;
  before.refused = true;
  Exchange after = through_json(before);
  REQUIRE(after.error);
  CHECK(after.error->code == Errc::truncated);
  CHECK(after.error->message == error.message);
  CHECK(after.error->curl_code == 18);
  CHECK(after.error->os_errno == 104);
  CHECK_FALSE(after.error->retryable);
  CHECK(after.refused);
  CHECK(after.head);
  before.head.reset();
  after = through_json(before);
  CHECK_FALSE(after.head);
}

TEST_CASE("Exchange: a text that is no exchange is refused, and the error says what is wrong") {
  const std::string good = to_json(whole());
  const auto without = [&good](const std::string& words, const std::string& instead) {
    std::string text = good;
    const auto at = text.find(words);
    REQUIRE(at != std::string::npos);
    text.replace(at, words.size(), instead);
    const auto read = exchange_from_json(text);
    REQUIRE_FALSE(read.ok());
    return read.error().message;
  };
  CHECK(exchange_from_json(good.substr(0, 40)).error().message ==
        "it is no JSON at byte 41: a string has no closing quote");
  CHECK(exchange_from_json("[]").error().message == "it is no JSON object");
  CHECK(without("leat.exchange/1", "other/1").find("schema") != std::string::npos);
  CHECK(without("\"remote_port\"", "\"port\"") == "it has no valid \"remote_port\"");
  CHECK(without("\"ordinal\": 3", "\"ordinal\": -3") == "it has no valid \"ordinal\"");
  CHECK(without("\"error\": null", "\"error\": {}") == "it has no valid \"code\"");
}

TEST_CASE("Exchange: endless nesting, and bytes that are no text, are refused with their place") {
  CHECK(exchange_from_json(std::string(1'000'000, '[')).error().message ==
        "it is no JSON at byte 258: is nested deeper than 256");
  std::string text = to_json(whole());
  const auto at = text.find("Accept");
  REQUIRE(at != std::string::npos);
  text[at] = '\xff';
  CHECK(exchange_from_json(text).error().message ==
        "it is no JSON at byte " + std::to_string(at + 1) + ": is not UTF-8");
  text = to_json(whole());
  const auto latin = text.find("caf\u00e9");
  REQUIRE(latin != std::string::npos);
  CHECK(exchange_from_json(text.replace(latin, 5, "caf\u20ac")).error().message ==
        "it has no valid \"headers\"");
}
