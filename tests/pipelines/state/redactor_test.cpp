#include "pipelines/state/redactor.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Redactor: fields that hold credentials lose their values, and others stay unchanged") {
  const Redactor redactor({"X-Session"}, {});
  const std::vector<std::string> fields{"Authorization: Bearer abc",
                                        "cookie:a=b",
                                        "PROXY-AUTHORIZATION: Basic x",
                                        "X-Api-Key: k",
                                        "x-session: s",
                                        "Accept: text/html"};
  CHECK(redactor.fields(fields) == std::vector<std::string>{"Authorization: (removed)", "cookie: (removed)",
                                                            "PROXY-AUTHORIZATION: (removed)",
                                                            "X-Api-Key: (removed)", "x-session: (removed)",
                                                            "Accept: text/html"});
}

TEST_CASE("Redactor: a cookie that is set keeps its name and its attributes") {
  const Redactor redactor;
  CHECK(redactor.field("Set-Cookie", "sid=4711; Path=/; HttpOnly") ==
        "Set-Cookie: sid=(removed); Path=/; HttpOnly");
  CHECK(redactor.field("set-cookie", "4711") == "set-cookie: (removed)");
  CHECK(redactor.field("Set-Cookie", "sid=a=b") == "Set-Cookie: sid=(removed)");
}

TEST_CASE("Redactor: userinfo of URLs and given texts are removed, the longest first") {
  const Redactor redactor({}, {"abc", "", "abcdef"});
  CHECK(redactor.url("https://me:pw@a.org/x?k=abcdef&l=abc") == "https://a.org/x?k=(secret 3)&l=(secret 1)");
  CHECK(redactor.text("nothing") == "nothing");
  CHECK(redactor.field("X-Trace", "1abc2") == "X-Trace: 1(secret 1)2");
}

TEST_CASE("Redactor: a response's head stays unchanged except for its secrets") {
  const Redactor redactor;
  http::ResponseHead head;
  head.status = 201;
  head.content_length = 5;
  head.headers.append("ETag: \"x\"\r\n");
  head.headers.append("Set-Cookie: a=1\r\n");
  const http::ResponseHead clean = redactor.head(head);
  CHECK(clean.status == 201);
  CHECK(clean.content_length == 5u);
  CHECK(clean.headers.find("etag") == "\"x\"");
  CHECK(clean.headers.find("set-cookie") == "a=(removed)");
}
