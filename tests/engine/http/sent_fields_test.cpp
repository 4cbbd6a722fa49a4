#include "engine/http/sent_fields.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace leat::http;

namespace {

std::string joined(const Slist& list) {
  std::string text;
  for (const curl_slist* item = list.get(); item != nullptr; item = item->next)
    text.append(item->data).append("|");
  return text;
}

Luggage luggage(bool own, bool body, bool accept) {
  Luggage made;
  made.own = own;
  made.body = body;
  made.accept = accept;
  return made;
}

}  // namespace

TEST_CASE("sent_fields: all of the user's fields are sent to the origin that they were meant for") {
  for (const char* field : {"X-Key: k", "Authorization: Bearer t", "Content-Type: text/x", "Accept: a/b",
                            "Content-Length: 5", "Content-Type:", "X-Empty;"}) {
    CAPTURE(field);
    CHECK(goes_along(field, Luggage()));
  }
}

TEST_CASE(
    "sent_fields: only the fields that describe the body and Accept are sent elsewhere, in upper and lower "
    "case") {
  const Luggage elsewhere = luggage(false, true, true);
  for (const char* field : {"Content-Type: text/x", "content-encoding: gzip", "CONTENT-LANGUAGE: de",
                            "accept: a/b", "Content-Type:"}) {
    CAPTURE(field);
    CHECK(goes_along(field, elsewhere));
    CHECK_FALSE(goes_along(field, luggage(false, false, false)));
  }
  for (const char* field : {"X-Key: k", "Authorization: t", "Cookie: c", "Referer: r", "Accept-Language: de",
                            "Content-Disposition: x", "Content-Length: 5", "Content-Typed: x", "Host: h"}) {
    CAPTURE(field);
    CHECK_FALSE(goes_along(field, elsewhere));
  }
}

TEST_CASE("sent_fields: if the body is not sent, the fields that describe it are not sent either") {
  const Luggage bodiless = luggage(true, false, true);
  for (const char* field : {"Content-Type: text/x", "Content-Length: 5", "Transfer-Encoding: chunked",
                            "Expect: 100-continue", "Content-MD5: x"}) {
    CAPTURE(field);
    CHECK_FALSE(goes_along(field, bodiless));
  }
  CHECK(goes_along("X-Key: k", bodiless));
  CHECK(goes_along("Accept: a/b", bodiless));
  CHECK(goes_along("Contents: x", bodiless));
}

TEST_CASE("sent_fields: Host is written so in whatever case it was given, and left out if it has no value") {
  const std::vector<std::pair<const char*, std::string>> rows{
      {"host: a.test", "Host: a.test|"},
      {"HOST:b", "Host: b|"},
      {"host:", "Host:|"},
      {"Host: ", "Host:|"},
      {"Host:", "Host:|"},
      {"host;", "host;|"},
      {"hosts: x", "hosts: x|"},
      {"X-Host:", "X-Host:|"},
  };
  for (const auto& row : rows) {
    const char* given = row.first;
    CAPTURE(given);
    Slist list;
    append_field(list, given);
    CHECK(joined(list) == row.second);
  }
}

TEST_CASE("sent_fields: the client's fields come first, then the request's, then the conditions") {
  Slist common;
  append(common, "X-A: 1");
  append(common, "Cookie: a=1");
  const std::vector<std::string> own{"X-B: 2", "cookie: b=2"};
  RangeRequest range;
  range.first = 5;
  range.condition = "\"v\"";
  Hop hop;
  hop.headers = &own;
  hop.range = &range;
  CHECK(joined(sent_fields(common.get(), hop, false, nullptr)) ==
        "X-A: 1|Cookie: a=1|X-B: 2|cookie: b=2|Range: bytes=5-|If-Range: \"v\"|");
  std::string cookie;
  CHECK(joined(sent_fields(common.get(), hop, true, &cookie)) ==
        "X-A: 1|X-B: 2|Accept-Encoding: identity|Range: bytes=5-|If-Range: \"v\"|");
  CHECK(cookie == "a=1; b=2");
}

TEST_CASE(
    "sent_fields: User-Agent and Accept are added where the user names neither, and nothing replaces his "
    "own") {
  const auto sent = [](std::vector<std::string> fields, std::string_view agent) {
    Slist list;
    for (const auto& field : fields) append_field(list, field.c_str());
    append_defaults(list, agent);
    return joined(list);
  };
  CHECK(sent({}, "leat/1") == "User-Agent: leat/1|Accept: */*|");
  CHECK(sent({}, "") == "Accept: */*|");
  CHECK(sent({"X-Key: k"}, "leat/1") == "X-Key: k|User-Agent: leat/1|Accept: */*|");
  CHECK(sent({"user-agent: mine", "ACCEPT: a/b"}, "leat/1") == "user-agent: mine|ACCEPT: a/b|");
  CHECK(sent({"User-Agent:", "Accept;"}, "leat/1") == "User-Agent:|Accept;|");
  CHECK(sent({"Accept-Language: de"}, "leat/1") == "Accept-Language: de|User-Agent: leat/1|Accept: */*|");
}
