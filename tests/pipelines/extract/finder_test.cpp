#include "pipelines/extract/finder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/extract/extracted.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

using Language = Extractor::Language;
using Fields = std::vector<std::pair<std::string, Extractor::Find>>;

constexpr const char* kShop =
    "<base href=/shop/><ul><li class=p><b class=t> One  thing </b><a>no</a><a href=1>x</a><i>1.10</i></li>"
    "<li class=p><b class=t>Two</b><i>2</i><img srcset='a.png 1x, b.png 2x'></li>"
    "<li>an advertisement <b class=t>no</b></li>"
    "<li class=p id=last></li></ul>";

std::string rows(Language language, std::string text, Fields fields, std::string_view body = kShop,
                 std::string_view type = kHtml) {
  Extractor::What what{{language, std::move(text)}};
  what.fields = std::move(fields);
  const auto here = extracted(what, body, type);
  // What travels to the worker's process is the same.
  CHECK(extracted(page_program_of(page_program(what).text), body, type) == here);
  return here;
}

std::string by_rows(std::string css, Fields fields) {
  return rows(Language::css, std::move(css), std::move(fields));
}

}  // namespace

TEST_CASE("Finder: a row is an object of the first find of each field in it, or null") {
  CHECK(by_rows(".p", {{"name", {Language::css, ".t"}},
                       {"price", {Language::css, "i"}},
                       {"href", {Language::css, "a", "href"}},
                       {"image", {Language::css, "img", "srcset"}},
                       {"markup", {Language::css, "i", "", true}}}) ==
        R"([{"name":"One thing","price":"1.10","href":"http://h.example/shop/1","image":null,)"
        R"("markup":"<i>1.10</i>"},)"
        R"({"name":"Two","price":"2","href":null,"image":"http://h.example/shop/a.png",)"
        R"("markup":"<i>2</i>"},)"
        R"({"name":null,"price":null,"href":null,"image":null,"markup":null}])");
  CHECK(by_rows("li.none", {{"name", {Language::css, ".t"}}}) == "[]");
}

TEST_CASE("Finder: a field without a selector is of the row itself") {
  CHECK(by_rows(".p", {{"id", {Language::css, "", "id"}}, {"all", {Language::css, "", "", true}}}) ==
        R"([{"id":null,"all":"<li class=\"p\"><b class=\"t\"> One  thing </b><a>no</a>)"
        R"(<a href=\"1\">x</a><i>1.10</i></li>"},)"
        R"({"id":null,"all":"<li class=\"p\"><b class=\"t\">Two</b><i>2</i>)"
        R"(<img srcset=\"a.png 1x, b.png 2x\"></li>"},)"
        R"({"id":"last","all":"<li class=\"p\" id=\"last\"></li>"}])");
}

TEST_CASE("Finder: rows and fields may be of CSS and XPath alike") {
  const std::string all = R"([{"name":"One thing","count":2,"href":"http://h.example/shop/1"},)"
                          R"({"name":"Two","count":0,"href":null},{"name":null,"count":0,"href":null}])";
  const Extractor::Find count{Language::xpath, "count(.//a)"};
  for (const Extractor::Find& name : {Extractor::Find{Language::css, ".t"}, {Language::xpath, ".//b"}}) {
    for (const Extractor::Find& href :
         {Extractor::Find{Language::css, "a", "href"}, {Language::xpath, "a/@href"}}) {
      const Fields fields{{"name", name}, {"count", count}, {"href", href}};
      CHECK(by_rows("li.p", fields) == all);
      CHECK(rows(Language::xpath, "//li[@class='p']", fields) == all);
    }
  }
}

TEST_CASE("Finder: the rows of XML have its namespaces, whatever the fields are") {
  const std::string feed =
      "<rss xmlns:m='urn:m'><channel><item><title>A</title><m:c url='u'>x</m:c></item>"
      "<item><m:c url='v'/></item></channel></rss>";
  const Fields fields{{"title", {Language::css, "title"}},
                      {"media", {Language::xpath, "m:c/@url"}},
                      {"local", {Language::xpath, "string(c)"}},
                      {"markup", {Language::xpath, "c", "", true}}};
  const std::string all = R"([{"title":"A","media":"u","local":"x","markup":"<m:c url=\"u\">x</m:c>"},)"
                          R"({"title":null,"media":"v","local":"","markup":"<m:c url=\"v\"/>"}])";
  CHECK(rows(Language::css, "item", fields, feed, "text/xml") == all);
  CHECK(rows(Language::xpath, "//item", fields, feed, "text/xml") == all);
}

TEST_CASE("Finder: a row within a row is a row, and part of the other") {
  CHECK(rows(Language::css, "div", {{"p", {Language::css, "p"}}},
             "<div><div><p>in</p></div><p>out</p></div><div></div>") ==
        R"([{"p":"in"},{"p":"in"},{"p":null}])");
}

TEST_CASE("Finder: a value is no row, and rows that are nested thousands deep end in an error") {
  CHECK(rows(Language::xpath, "count(//li)", {{"name", {Language::css, "b"}}}) ==
        "error: xpath= gives a value where rows belong");
  CHECK(rows(Language::xpath, "//@class | //text()", {{"name", {Language::css, "b"}}}) == "[]");
  std::string deep;
  for (int i = 0; i < 3000; ++i) deep += "<div>";
  for (int i = 0; i < 3000; ++i) deep += "<hr>";
  CHECK(rows(Language::css, "div", {{"p", {Language::css, "p"}}}, deep) ==
        "error: rows are too deep within rows");
}

TEST_CASE("Finder: a fault of a field is one of the whole") {
  CHECK(by_rows("li", {{"a", {Language::css, "b"}}, {"b", {Language::css, "b["}}}).starts_with("fault "));
  CHECK(by_rows("li", {{"a", {Language::xpath, "b["}}}).starts_with("fault "));
}
