#include "engine/http/message/range.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::http;

namespace {

ResponseHead head(int status, const std::vector<std::string>& fields = {}) {
  ResponseHead made;
  made.status = status;
  for (const auto& field : fields) made.headers.append(field + "\r\n");
  return made;
}

RangeRequest from(std::uint64_t first, std::optional<std::uint64_t> total = 100) {
  RangeRequest asked;
  asked.first = first;
  asked.condition = "\"v1\"";
  asked.total = total;
  return asked;
}

RangeAnswer part(const std::string& content_range, const std::vector<std::string>& more = {}) {
  std::vector<std::string> fields{"Content-Range: " + content_range};
  fields.insert(fields.end(), more.begin(), more.end());
  return judge(from(40), head(206, fields));
}

}  // namespace

TEST_CASE("Content-Range: it reads a part, a part of an unknown whole, and a range that can't be satisfied") {
  const auto part = parse_content_range("bytes 40-99/100");
  REQUIRE(part.has_value());
  CHECK(part->first == 40);
  CHECK(part->last == 99);
  CHECK(part->total == 100);
  CHECK_FALSE(parse_content_range("Bytes 40-99/*")->total.has_value());
  const auto none = parse_content_range("bytes */100");
  REQUIRE(none.has_value());
  CHECK(none->is_unsatisfied());
  CHECK(none->total == 100);
}

TEST_CASE("Content-Range: values that make no sense are refused") {
  for (const char* text :
       {"", "bytes", "bytes 1-2", "bytes 2-1/9", "bytes -1/9", "bytes 1-/9", "bytes 1-9/9", "bytes 1-2/x",
        "bytes */*", "items 1-2/9", "bytes 1-2/9 ", "bytes=1-2/9", "bytes 1-99999999999999999999/*"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_content_range(text).has_value());
  }
}

TEST_CASE("Range: a 206 is the part that was asked for, or a mismatch") {
  CHECK(part("bytes 40-99/100") == RangeAnswer::part);
  CHECK(part("bytes 40-59/100") == RangeAnswer::part);
  CHECK(part("bytes 40-99/*") == RangeAnswer::part);
  CHECK(part("bytes 40-99/100", {"Content-Range: bytes 40-99/100"}) == RangeAnswer::part);
  CHECK(part("bytes 40-99/100", {"content-range: bytes 0-59/100"}) == RangeAnswer::mismatch);
  CHECK(part("bytes 40-99/100", {"ETag: \"v1\""}) == RangeAnswer::part);
  CHECK(part("bytes 41-99/100") == RangeAnswer::mismatch);
  CHECK(part("bytes 0-99/100") == RangeAnswer::mismatch);
  CHECK(part("bytes 40-100/101") == RangeAnswer::mismatch);
  CHECK(part("bytes 40-120/*") == RangeAnswer::mismatch);
  CHECK(part("bytes */100") == RangeAnswer::mismatch);
  CHECK(part("bytes 40-99/100", {"ETag: \"v2\""}) == RangeAnswer::mismatch);
  CHECK(part("bytes 40-99/100", {"ETag: W/\"v1\""}) == RangeAnswer::mismatch);
  CHECK(part("bytes 40-99/100", {"Content-Encoding: gzip"}) == RangeAnswer::mismatch);
  CHECK(judge(from(40), head(206)) == RangeAnswer::mismatch);
  CHECK(judge(from(40), head(206, {"Content-Type: multipart/byteranges; boundary=x"})) ==
        RangeAnswer::mismatch);
}

TEST_CASE("Range: a 416 means complete only if the whole is as long as what is there") {
  CHECK(judge(from(100), head(416, {"Content-Range: bytes */100"})) == RangeAnswer::complete);
  CHECK(judge(from(100, {}), head(416, {"Content-Range: bytes */100"})) == RangeAnswer::complete);
  CHECK(judge(from(40), head(416, {"Content-Range: bytes */100"})) == RangeAnswer::mismatch);
  CHECK(judge(from(100, 120), head(416, {"Content-Range: bytes */100"})) == RangeAnswer::mismatch);
  CHECK(judge(from(100), head(416, {"Content-Range: bytes */100", "ETag: \"v2\""})) == RangeAnswer::mismatch);
  CHECK(judge(from(100), head(416)) == RangeAnswer::mismatch);
}

TEST_CASE("Range: another success is the whole body, and any other status says nothing about it") {
  CHECK(judge(from(40), head(200)) == RangeAnswer::whole);
  CHECK(judge(from(40), head(503)) == RangeAnswer::other);
  CHECK(judge(from(40), head(404)) == RangeAnswer::other);
}

TEST_CASE("Range: the condition is a strong ETag, or else a date that is old enough, or else nothing") {
  const std::string date = "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT";
  CHECK(range_condition(head(200, {"ETag: \"v1\"", date})) == "\"v1\"");
  CHECK(range_condition(head(200, {date})) == "Thu, 01 Jan 2026 00:00:00 GMT");
  CHECK(range_condition(head(200, {date, "Date: Thu, 01 Jan 2026 00:01:00 GMT"})) ==
        "Thu, 01 Jan 2026 00:00:00 GMT");
  CHECK(range_condition(head(200, {date, "Date: Thu, 01 Jan 2026 00:00:01 GMT"})).empty());
  CHECK(range_condition(head(200, {"ETag: W/\"v1\"", date})).empty());
  CHECK(range_condition(head(200, {"ETag: v1", date})).empty());
  CHECK(range_condition(head(200, {"Last-Modified: never"})).empty());
  CHECK(range_condition(head(200)).empty());
  CHECK(range_condition(head(200, {"ETag: \"v1\"", "Content-Encoding: gzip"})).empty());
  CHECK(range_condition(head(200, {"ETag: \"v1\"", "Content-Encoding: identity"})) == "\"v1\"");
}

TEST_CASE("Range: a validator with a control character is not used, and adds no line to a request") {
  CHECK(range_condition(head(200, {"ETag: \"a\x01\""})).empty());
  CHECK(validators_of(head(200, {"ETag: \"a\rEvil: 1\""})).etag.empty());
  Validators known;
  known.etag = "\"a\"\r\nEvil: 1";
  known.last_modified = "Thu, 01 Jan 2026 00:00:00 GMT";
  CHECK(condition_fields(nullptr, &known) ==
        std::vector<std::string>{"If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT"});
  known.etag = "\"a\"";
  CHECK(condition_fields(nullptr, &known).front() == "If-None-Match: \"a\"");
}

TEST_CASE("Range: the range that is asked for is written as text") {
  RangeRequest asked = from(40);
  CHECK(asked.text() == "bytes=40-");
  asked.last = 59;
  CHECK(asked.text() == "bytes=40-59");
}
