#include "pipelines/stages/sink/line_format.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/json_line.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::JsonLine;
using namespace std::chrono_literals;

namespace {

Record fetched() {
  Record record;
  record.id = 7;
  record.line = 9;
  record.request.url = "http://u:secret@a.org/x";
  record.started_at = std::chrono::system_clock::from_time_t(1767323045) + 678ms;
  record.waited = 1234us;
  record.num_retries = 2;
  record.filename = "out/x";
  record.meta = R"({"n":1.50})";
  http::Response response;
  response.head.status = 200;
  response.head.headers.append("Content-Type: text/html\r\n");
  response.head.headers.append("ETag: \"abc\"\r\n");
  response.head.headers.append("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  response.head.headers.append("X-A: 1\r\n");
  response.head.headers.append("x-a: 2\r\n");
  response.method = "GET";
  response.url_effective = "http://b.org/y";
  response.http_version = "1.1";
  response.size_download = 4096;
  response.speed_download = 12345.6;
  response.num_redirects = 1;
  response.remote_ip = "127.0.0.1";
  response.remote_port = 8080;
  response.time_namelookup = 0.0000004;
  response.time_connect = 0.000001;
  response.time_starttransfer = 0.25;
  response.time_total = 12.5;
  record.response = std::move(response);
  return record;
}

std::string line_of(const Record& record, std::vector<std::string_view> extra = {}) {
  ResultJson json(extra);
  std::string line(json.line(record));
  CHECK(line.ends_with('\n'));
  CHECK(line.find('\n') == line.size() - 1);
  return line;
}

}  // namespace

TEST_CASE("Results: a fetched record has every field in its place") {
  CHECK(
      line_of(fetched()) ==
      R"({"id":7,"line":9,"url":"http://a.org/x","url_effective":"http://b.org/y","method":"GET","outcome":"ok",)"
      R"("status":200,"http_version":"1.1","content_type":"text/html","size_download":4096,"speed_download":12346,)"
      R"("filename":"out/x","sha256":null,"etag":"\"abc\"","last_modified":"Sun, 06 Nov 1994 08:49:37 GMT",)"
      R"("resumed_from":0,"num_redirects":1,"num_retries":2,"remote_ip":"127.0.0.1","remote_port":8080,)"
      R"("time_queue":0.001234,"time_namelookup":0.000000,"time_connect":0.000001,"time_appconnect":0.000000,)"
      R"("time_starttransfer":0.250000,"time_total":12.500000,"started_at":"2026-01-02T03:04:05.678Z",)"
      R"("parent":null,"meta":{"n":1.50},"error":null})"
      "\n");
}

TEST_CASE("Results: a record that was never sent has null for what is unknown") {
  Record record;
  record.id = 1;
  record.input = "ht tp";
  record.fail(Error(Errc::bad_url, "the URL holds a blank"), "lines");
  CHECK(
      line_of(record) ==
      R"({"id":1,"line":null,"url":"ht tp","url_effective":null,"method":"GET","outcome":"failed","status":null,)"
      R"("http_version":null,"content_type":null,"size_download":null,"speed_download":null,"filename":null,)"
      R"("sha256":null,"etag":null,"last_modified":null,"resumed_from":0,"num_redirects":0,"num_retries":0,)"
      R"("remote_ip":null,"remote_port":null,"time_queue":null,"time_namelookup":null,"time_connect":null,)"
      R"("time_appconnect":null,"time_starttransfer":null,"time_total":null,"started_at":null,"parent":null,)"
      R"("meta":null,"error":{"code":"bad_url","message":"the URL holds a blank","stage":"lines","attempts":0,)"
      R"("retryable":false}})"
      "\n");
}

TEST_CASE("Results: no URL shows credentials, wherever it is") {
  Record record = fetched();
  record.response->url_effective = "http://u:secret@b.org/y";
  CHECK(line_of(record).find("secret") == std::string::npos);
  record.input = "http://u:secret@c.org/";
  CHECK(line_of(record).find("secret") == std::string::npos);
  record.request.headers.emplace_back("Authorization: Bearer secret");
  record.request.body = "secret";
  CHECK(line_of(record, {"body", "headers", "json"}).find("secret") == std::string::npos);
}

TEST_CASE("Results: bytes that are no UTF-8 become U+FFFD, and control characters are escaped") {
  Record record = fetched();
  record.response->head.headers.clear();
  record.response->head.headers.append("Content-Type: a\xFF\x1B[31m\xC2\x9B\"\\\xC2\xA0\r\n");
  const std::string line = line_of(record);
  CHECK(line.find("a\xEF\xBF\xBD\\u001B[31m\\u009B\\\"\\\\\xC2\xA0") != std::string::npos);
  CHECK(JsonLine(line).text("content_type") == "a\xEF\xBF\xBD\x1B[31m\xC2\x9B\"\\\xC2\xA0");
}

TEST_CASE("Results: body and headers are printed if they are asked for") {
  Record record = fetched();
  record.body = std::string("a\0\xFF\n", 4);
  const std::string line = line_of(record, {"body", "headers"});
  const JsonLine json(line);
  CHECK(json.text("body") == std::string("a\0\xC3\xBF\n", 5));
  REQUIRE(json["headers"].IsObject());
  CHECK(std::string(json["headers"]["x-a"].GetString()) == "1, 2");
  CHECK(line.find(R"("error":null,"body":)") != std::string::npos);
  const JsonLine none(line_of(Record(), {"body", "headers"}));
  CHECK(none.is_null("body"));
  CHECK(none.is_null("headers"));
}

TEST_CASE("Results: a length that only the closed connection tells is marked") {
  Record record = fetched();
  CHECK_FALSE(JsonLine(line_of(record)).has("length_verified"));
  record.response->length_verified = false;
  CHECK(JsonLine(line_of(record))["length_verified"].IsFalse());
}

TEST_CASE("Results: a digest is shown if it was asked for and correct") {
  Record record = fetched();
  record.digests.put(DigestKind::sha256, "abc");
  record.digests.put(DigestKind::md5, "def");
  CHECK(JsonLine(line_of(record)).text("sha256") == "abc");
  CHECK(JsonLine(line_of(record)).text("md5") == "def");
  CHECK_FALSE(JsonLine(line_of(record)).has("sha1"));
  record.fail(Error(Errc::checksum_mismatch, "no"), "fetch");
  CHECK(JsonLine(line_of(record)).is_null("sha256"));
}

TEST_CASE("Results: one line after another can be made in the same buffer") {
  ResultJson json;
  const std::string first(json.line(fetched()));
  CHECK(json.line(Record()).size() < first.size());
  CHECK(json.line(fetched()) == first);
  Record later = fetched();
  later.started_at += 999ms;
  CHECK(JsonLine(std::string(json.line(later))).text("started_at") == "2026-01-02T03:04:06.677Z");
  later.started_at -= 999ms;
  CHECK(json.line(later) == first);
}
