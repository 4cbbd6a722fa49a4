#include "engine/http/message/link_header.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::http;

namespace {

std::string next_of(std::string_view lines, const std::string& url = "http://h/api/items?page=1") {
  Headers headers;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    headers.append(std::string(lines.substr(0, end)) + "\r\n");
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  return find_link(headers, "next", url).value_or("none");
}

}  // namespace

TEST_CASE("find_link: it finds the next page in the forms that APIs write") {
  CHECK(
      next_of("Link: <http://h/api/items?page=2>; rel=\"next\", <http://h/api/items?page=9>; rel=\"last\"") ==
      "http://h/api/items?page=2");
  CHECK(next_of("link: <?page=0>; rel=prev, <?page=2>; rel=next") == "http://h/api/items?page=2");
  CHECK(next_of("Link: <x>;rel=\"last  Next\"") == "http://h/api/x");
  CHECK(next_of("Link: </a,b;c>; title=\"x, <no>; rel=next\"; REL = next") == "http://h/a,b;c");
  CHECK(next_of("Link: <a>; rel=\"last\"; rel=\"next\"") == "none");
  CHECK(next_of("Link: <a>; rel=nextpage") == "none");
  CHECK(next_of("Link: <a>; rev=next") == "none");
  CHECK(next_of("X: y") == "none");
}

TEST_CASE("find_link: several fields form one list") {
  CHECK(next_of("Link: <a>; rel=prev\nLink: <b>; rel=next\nLink: <c>; rel=next") == "http://h/api/b");
}

TEST_CASE("find_link: a link with an anchor is about that page") {
  CHECK(next_of("Link: <a>; rel=next; anchor=\"/other\", <b>; rel=next") == "http://h/api/b");
  CHECK(next_of("Link: <a>; rel=next; anchor=\"\"") == "http://h/api/a");
}

TEST_CASE("parse_links: a malformed link does not affect the other links") {
  CHECK(next_of("Link: garbage \"a,b\", <b>; rel=next") == "http://h/api/b");
  CHECK(next_of("Link: ,, ,<b>;;rel=next;,") == "http://h/api/b");
  CHECK(next_of("Link: <unclosed; rel=next") == "none");
  CHECK(next_of("Link: <b>; rel=\"next") == "http://h/api/b");
  CHECK(next_of("Link: <b>; title=\"a\\\"; rel=x\"; rel=next") == "http://h/api/b");
  CHECK(next_of("Link: <b> junk; rel=next") == "none");
  CHECK(parse_links("").empty());
  CHECK(parse_links(std::string(100'000, '<')).empty());
  CHECK(parse_links("<>").at(0).target.empty());
}

TEST_CASE("parse_links: every link is given with all its relations") {
  const auto links = parse_links("<a>; rel=\"X y\"; anchor=\"#b\", <c>");
  REQUIRE(links.size() == 2);
  CHECK(links[0].rels == std::vector<std::string>{"x", "y"});
  CHECK(links[0].anchor == "#b");
  CHECK(links[1].rels.empty());
}
