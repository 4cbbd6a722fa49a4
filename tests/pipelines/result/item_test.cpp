#include "pipelines/result/item.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "pipelines/expr/json.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

struct Taken {
  Record record;
  Status error;
};

Taken take(std::string_view value, std::string meta = "", const std::string& base = "") {
  Taken taken;
  taken.record.meta = std::move(meta);
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(value));
  taken.error = take_item(taken.record, doc.root(), base);
  return taken;
}

}  // namespace

TEST_CASE("take_item: every member but the URL is kept in meta under its name, as it came") {
  const auto taken =
      take(R"({"id": 9007199254740993, "url":"http://a.org/1","body":"text","method":"POST",)"
           R"("headers":{"a":"b"},"output":"x","sha256":"no hex","mirrors":[1],"price":1.10})");
  CHECK_FALSE(taken.error.has_value());
  CHECK(taken.record.request.url == "http://a.org/1");
  CHECK(taken.record.meta ==
        R"({"id":9007199254740993,"body":"text","method":"POST","headers":{"a":"b"},"output":"x",)"
        R"("sha256":"no hex","mirrors":[1],"price":1.10})");
  CHECK(taken.record.request.effective_method() == "GET");
  CHECK(taken.record.request.headers.empty());
  CHECK(taken.record.output.empty());
  CHECK(taken.record.mirrors.empty());
}

TEST_CASE("take_item: url is the URL, without it URL is, and what is no URL's text is data") {
  CHECK(take(R"({"URL":"http://b.org/"})").record.request.url == "http://b.org/");
  const auto both = take(R"({"URL":"http://b.org/","url":"http://a.org/"})");
  CHECK(both.record.request.url == "http://a.org/");
  CHECK(both.record.meta == R"({"URL":"http://b.org/"})");
  for (const char* value : {"null", "5", "\"\"", R"({"href":"/x"})"}) {
    CAPTURE(value);
    const auto taken = take(std::string(R"({"url":)") + value + "}", "", "http://a.org/page");
    CHECK_FALSE(taken.error.has_value());
    CHECK(taken.record.request.url.empty());
    CHECK(taken.record.meta == std::string(R"({"url":)") + value + "}");
  }
}

TEST_CASE("take_item: an object called meta is merged into meta, and any other value is meta.meta") {
  CHECK(take(R"({"a":1,"meta":{"b":2,"a":3}})").record.meta == R"({"a":3,"b":2})");
  CHECK(take(R"({"meta":{"meta":1}})").record.meta == R"({"meta":1})");
  CHECK(take(R"({"a":1,"meta":[2]})").record.meta == R"({"a":1,"meta":[2]})");
  CHECK(take(R"({"meta":null})").record.meta == R"({"meta":null})");
}

TEST_CASE("take_item: members take the place of those that meta has already") {
  CHECK(take(R"({"b":20,"c":30})", R"({"a":1,"b":2})").record.meta == R"({"a":1,"b":20,"c":30})");
  CHECK(take(R"({"a.b":1})", R"({"a":{"b":2}})").record.meta == R"({"a":{"b":2},"a.b":1})");
  CHECK(take(R"({})", R"({"a":1})").record.meta == R"({"a":1})");
  CHECK(take(R"("http://a.org/")", R"({"a":1})").record.meta == R"({"a":1})");
}

TEST_CASE("take_item: a URL is relative to the page, and a bad one loses no member") {
  CHECK(take(R"({"url":"../x?y"})", "", "http://a.org/b/c").record.request.url == "http://a.org/x?y");
  CHECK(take(R"("//c.org")", "", "https://a.org/").record.request.url == "https://c.org");
  const auto bad = take(R"({"url":"mailto:x@y","id":7})");
  REQUIRE(bad.error.has_value());
  CHECK(bad.error->code == Errc::unsupported_scheme);
  CHECK(bad.record.meta == R"({"id":7})");
}

TEST_CASE("take_item: a value that is neither text nor object is no record") {
  for (const char* value : {"1", "null", "true", "[\"http://a.org/\"]"}) {
    CAPTURE(value);
    const auto taken = take(value);
    REQUIRE(taken.error.has_value());
    CHECK(taken.error->code == Errc::bad_input);
  }
}

TEST_CASE("own_meta: what was extracted in the records before is left out, and nothing else") {
  Record record;
  CHECK(own_meta(record) == "null");
  record.meta = R"({"links":[1,2],"page":{"title":"t","n":1},"own":3,"a.b":4})";
  CHECK(own_meta(record) == record.meta);
  record.inherited = {"links", "page.title", "a"};
  CHECK(own_meta(record) == R"({"page":{"n":1},"own":3,"a.b":4})");
  record.filled("page");
  CHECK(own_meta(record) == R"({"page":{"title":"t","n":1},"own":3,"a.b":4})");
  record.filled("links.x");
  CHECK(own_meta(record) == record.meta);
  record.meta = R"({"links":[1]})";
  record.inherited = {"links"};
  CHECK(own_meta(record) == "null");
}
