#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

const std::string kNext = "next={ extract css=\"a[href]\" attr=href as=meta.links | each (.meta.links[]) }";

}  // namespace

TEST_CASE("Crawl: each page of a site whose links go in circles is fetched once, and the run ends") {
  const Ran ran = run_spec("urls $O/page/1?links=3 | crawl depth=4 " + kNext + " | where (true) | null");
  CHECK_FALSE(ran.status);
  CHECK(ran.count(Outcome::ok) > 4);
  CHECK(ran.count(Outcome::failed) == 0);
}

TEST_CASE("Crawl: a page that the block passes through becomes a child with an id of its own") {
  const Ran ran = run_spec("urls $O/ok/1 | crawl next={ set url=(\"$O/ok/2\") } | where (.id > 0)");
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.count(Outcome::skipped) == 1);
}

TEST_CASE("Crawl: links to pages that it has count as skipped, whether records are made of them or not") {
  const std::string links = "extract css=a attr=href as=meta.links | each (.meta.links[])";
  for (const std::string& block :
       {links, links + " | where (true)", links + R"( | each ({url}))", links + " canonical=(.url)"}) {
    CAPTURE(block);
    const bool asks = block.ends_with("canonical=(.url)");
    const std::string next = asks ? "canonical=(.url) next={ " + links + " }" : "next={ " + block + " }";
    const Ran ran = run_spec("urls $O/ring/12/0?links=5 | crawl " + next);
    CHECK_FALSE(ran.status);
    CHECK(ran.lines.size() == 12);
    CHECK(ran.count(Outcome::ok) >= 12);
    CHECK(ran.count(Outcome::skipped) == 12 * 5 - 11);
    CHECK(ran.count(Outcome::failed) == 0);
  }
}

TEST_CASE("Crawl: its on-error gets the requests that failed") {
  const Ran ran =
      run_spec("urls http://127.0.0.1:1/ | crawl retry=0 next={ each (empty) } on-error={ null }");
  CHECK(ran.lines.empty());
  CHECK(ran.count(Outcome::failed) == 1);
}

TEST_CASE("Crawl: a limit after it cancels what runs, and leaves no record unaccounted for") {
  const Ran ran = run_spec("urls $O/page/1?links=3 $O/hang/crawl | crawl " + kNext + " | limit 1 | null");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::cancelled) == 0);
}

TEST_CASE("Crawl: a program of its fetch that libjq evaluates runs for records that come back, too") {
  const Ran ran =
      run_spec("urls $O/echo/1 | crawl body=([2, 1] | sort | tojson) next={ each (\"$O/echo/2\") } | null");
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.count(Outcome::failed) == 0);
}

TEST_CASE("Crawl: 57 spellings of 8 pages make 8 requests") {
  const std::string host = "127.0.0.1:" + std::to_string(origin().port());
  std::vector<std::string> links{"#top"};
  for (const std::string page : {"0", "1", "2", "3", "4", "5", "6", "7"}) {
    for (const std::string& spelling :
         {std::string("/ok/s"), std::string("/%6Fk/%73"), std::string("/%6fk/./s"),
          std::string("/../ok/x/../s"), std::string("/ok/%2e/s"), "//" + host + "/ok/s",
          "HTTP://" + host + "/ok/s"}) {
      links.push_back(spelling + page + (page == "3" ? "#part" : ""));
    }
  }
  REQUIRE(links.size() == 57);
  std::string program;
  for (const auto& link : links) program += (program.empty() ? "\"" : ",\"") + link + "\"";
  const auto requests = origin().stats().requests;
  const Ran ran = run_spec("urls $O/ok/s0 | crawl next={ each (" + program + ") }");
  CHECK_FALSE(ran.status);
  CHECK(ran.lines.size() == 8);
  CHECK(ran.count(Outcome::failed) == 0);
  CHECK(origin().stats().requests <= requests + 10);  // one asks for them, one for robots.txt
}

TEST_CASE("Crawl: pages that differ only in ignored parameters are one, and backslashes are slashes") {
  const Ran ran = run_spec(
      "urls $O/ok/q | crawl ignore-query=utm_*,S next={ each (\"/ok/q?utm_x=2\", \"/ok/q?S\", "
      "\"\\\\ok\\\\q\", "
      "\"/ok/q?a=1\", \"/ok/q?utm_y&a=%31&S=\") }");
  CHECK(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::failed) == 0);
}

TEST_CASE("Crawl: pages for which canonical= gives the same text are one, natively and by libjq") {
  for (const std::string program : {R"((.url | split("?") | .[0]))", R"((.url | sub("[?].*"; "")))"}) {
    CAPTURE(program);
    const Ran ran = run_spec("urls $O/ok/q?s=1 $O/ok/q?s=2 $O/%6fk/q | crawl canonical=" + program +
                             " next={ each (\"/ok/q?s=3\", \"/ok/r?s=4\", \"/ok/r\") }");
    CHECK(ran.lines.size() == 2);
    CHECK(ran.count(Outcome::failed) == 0);
  }
}

TEST_CASE("Crawl: a page that a redirect leads to is known by what canonical= gives for it") {
  const Ran ran = run_spec(
      "urls $O/ok/q?s=1 | crawl n=1 canonical=(.url | split(\"?s=\") | .[0]) next={ each ("
      "\"/redirect-to?url=/ok/q?s=2\", \"/redirect-to?url=/ok/new?s=3\", \"/ok/new?s=4\", "
      "\"/redirect-to?url=/ok/other?s=5\", \"/redirect-to?a&url=/ok/other?s=6\") }");
  std::multiset<std::string> pages;
  for (const auto& line : ran.lines) pages.insert(line.text("url_effective"));
  CHECK(pages == std::multiset<std::string>{origin().url("/ok/q?s=1"), origin().url("/ok/new?s=4"),
                                            origin().url("/ok/other?s=5")});
  CHECK(ran.count(Outcome::failed) == 0);
}

TEST_CASE("Crawl: what canonical= gives has to be a text, and its own fault is the record's") {
  const Ran none = run_spec("urls $O/ok/q | crawl canonical=(.meta) next={ each (empty) }");
  REQUIRE(none.lines.size() == 1);
  CHECK(none.lines[0].error_message() ==
        "canonical= gives null, where the text belongs that a page is known by");
  const Ran fails = run_spec("urls $O/ok/q | crawl canonical=(.url.a) next={ each (empty) }");
  CHECK(fails.lines[0].error_code() == "filter_error");
  CHECK(fails.lines[0]["error"]["stage"] == "crawl");
}

TEST_CASE("Crawl: links of other schemes are dropped, or fail if they are asked for") {
  const std::string next =
      "next={ each (\"mailto:a@b.c\", \"tel:+1\", \"javascript: f()\", \"data:,x\", \"#top\") }";
  const Ran dropped = run_spec("urls $O/ok/c2 | crawl " + next);
  CHECK(dropped.lines.size() == 1);
  CHECK(dropped.count(Outcome::failed) == 0);
  CHECK(dropped.count(Outcome::skipped) == 5);
  CHECK(run_spec("urls $O/ok/c2 | crawl other-schemes=true " + next).count(Outcome::failed) == 4);
}

TEST_CASE(
    "Crawl: a redirect is not followed out of the scope, nor to a page that the crawl has, and is skipped") {
  const tests::OriginProcess other;
  const std::string away = "/redirect-to?url=" + other.url("/ok/away");
  const auto requests = other.stats().requests;
  const Ran ran = run_spec(
      "urls $O/ok/r0 | crawl n=1 next={ each (\"/redirect-to?url=/ok/r1\", \"/ok/r1\", "
      "\"/redirect-to?url=/ok/%72%31\", \"/redirect-to?url=/ok/r2\", \"" +
      away + "\") }");
  CHECK_FALSE(ran.status);
  std::multiset<std::string> pages;
  for (const auto& line : ran.lines) pages.insert(line.text("url_effective"));
  CHECK(pages ==
        std::multiset<std::string>{origin().url("/ok/r0"), origin().url("/ok/r1"), origin().url("/ok/r2")});
  CHECK(ran.count(Outcome::failed) == 0);
  CHECK(other.stats().requests <= requests + 1);  // which asks for them
  const Ran any = run_spec("urls $O/ok/r0 | crawl scope=any next={ each (\"" + away + "\") }");
  CHECK(any.lines.size() == 2);
}

TEST_CASE("Crawl: a first page that is redirected out of the scope fails, and says where to begin") {
  const tests::OriginProcess other;
  const Ran ran =
      run_spec("urls $O/redirect-to?url=" + other.url("/ok/x") + " | crawl retry=0 next={ each (empty) }");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.lines[0].error_code() == "redirect_refused");
  CHECK(ran.lines[0].error_message().find("out of the crawl's scope, to " + other.url("/ok/x")) !=
        std::string::npos);
}

TEST_CASE("Crawl: a page that redirects to itself is fetched") {
  const Ran ran = run_spec("urls \"$O/redirect-to?url=/ok/s#x\" | crawl next={ each (\"/ok/s\") }");
  CHECK(ran.lines.size() == 1);
  CHECK(ran.count(Outcome::failed) == 0);
}
