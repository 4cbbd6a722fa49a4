#include "pipelines/result/job_text.hpp"

#include <doctest/doctest.h>

#include "pipelines/result/record_text.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("job text: a record that is only a URL is as short as can be, and comes back as it was") {
  Record record;
  record.id = 7;
  record.line = 9;
  record.request.url = "http://a.org/x y?z";
  const std::string text = to_job_text(record);
  CHECK(text == "7 9 http://a.org/x y?z");
  const auto back = item_of_job_text(text);
  REQUIRE(back.ok());
  CHECK(to_text(*back.value().record) == to_text(record));
}

TEST_CASE("job text: a page with no more than its place in a walk is short, too") {
  Record page;
  page.id = 4503599627370497;
  page.line = 1;
  page.parent = 3;
  page.depth = 4;
  page.walk = 2;
  page.walk_depth = 3;
  page.home = "http://a.org/";
  page.request.own_origin = "http://a.org:80";
  page.request.url = "http://a.org/x y?z";
  const std::string text = to_job_text(page);
  CHECK(text == "+4503599627370497 1 3 4 2 3 http://a.org/ http://a.org/x y?z");
  const auto back = item_of_job_text(text);
  REQUIRE(back.ok());
  CHECK(to_text(*back.value().record) == to_text(page));

  page.meta = "{\"a\":1}";
  const auto more = item_of_job_text(to_job_text(page));
  REQUIRE(more.ok());
  CHECK(to_text(*more.value().record) == to_text(page));
}

TEST_CASE("job text: a record with more than a URL comes back with all of it") {
  Record record;
  record.id = 7;
  record.request.url = "http://a.org/";
  record.request.method = "POST";
  record.request.headers.emplace_back("X: 1");
  record.request.body = "a\nb";
  record.output = "name";
  record.meta = "{\"a\":1}";
  const auto back = item_of_job_text(to_job_text(record));
  REQUIRE(back.ok());
  CHECK(to_text(*back.value().record) == to_text(record));
}

TEST_CASE("job text: a record that has failed in the source comes back failed") {
  Record record;
  record.id = 3;
  record.input = "a line";
  record.fail(Error(Errc::bad_url, "no \"URL\",\nat all"), "lines");
  const auto back = item_of_job_text(to_job_text(record));
  REQUIRE(back.ok());
  const Record& got = *back.value().record;
  REQUIRE(got.error);
  CHECK(got.failed());
  CHECK(got.error->code == Errc::bad_url);
  CHECK(got.error->message == "no \"URL\",\nat all");
  CHECK(got.error->stage == "lines");
  CHECK(got.input == "a line");
}

TEST_CASE("job text: a record that a stage has put into the job comes back to that stage") {
  Record record;
  record.id = 7;
  record.line = 9;
  record.request.url = "http://a.org/";
  CHECK(to_job_text(record, 12) == "@12 7 9 http://a.org/");
  for (const char* meta : {"", "{\"a\":1}"}) {
    record.meta = meta;
    const auto back = item_of_job_text(to_job_text(record, 12));
    REQUIRE(back.ok());
    CHECK(back.value().stage == 12);
    CHECK(to_text(*back.value().record) == to_text(record));
  }
  CHECK(item_of_job_text(to_job_text(record)).value().stage == 0);
}

TEST_CASE("job text: what is no such text is an error") {
  for (const char* text : {"", "x", "1", "1 2", "1 2 ", "{", "[]", "[\"bad_url\"]\n{}", "+", "+1 2 3 4 5 6 h",
                           "+1 2 3 4 5 6 h ", "+1 2 x 4 5 6 h u", "@ 7 9 u", "@0 7 9 u", "@x 7 9 u", "@3"})
    CHECK_MESSAGE(!item_of_job_text(text).ok(), text);
}
