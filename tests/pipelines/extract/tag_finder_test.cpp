#include "pipelines/extract/tag_finder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>

#include "tests/pipelines/extract/extracted.hpp"
#include "tests/pipelines/extract/html_properties.hpp"
#include "tests/pipelines/extract/page_mutations.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::html_test;

namespace {

// The values that are found without a tree, each with a blank behind it; "tree" where that is needed.
std::string values(std::string_view css, std::string_view attribute, std::string_view html) {
  const auto page = finder_of({css, attribute}).find(html);
  if (!page) return "tree";
  std::string all;
  for (const auto& found : page->found) all.append(found.value).append(" ");
  return all;
}

std::string links(std::string_view html) { return values("a", "href", html); }

bool is_made(std::string_view css, std::string_view attribute = "href") {
  return TagFinder::make(std::get<Selector>(parse_selector(css)), attribute).has_value();
}

}  // namespace

TEST_CASE("TagFinder: it is for selectors that ask for tags and attributes, and for an attribute of them") {
  for (const char* css : {"a", "*", "a, area", "[href]", "a[href]", "link[rel=next]", "a.nav#top",
                          "a:not(.x)", "a[href$='.PDF' i]"}) {
    CAPTURE(css);
    CHECK(is_made(css));
  }
  for (const char* css : {"ul a", "ul > a", "a + a", "a ~ a", "a:first-child", "a:empty", ":root", "a, li a",
                          "a:only-of-type", "\xC3\xA9", "[\xC3\xA9]"}) {
    CAPTURE(css);
    CHECK_FALSE(is_made(css));
  }
  CHECK_FALSE(is_made("a", ""));
  CHECK_FALSE(is_made("a", "\xC3\xA9"));
}

TEST_CASE("TagFinder: it takes the attribute of each element in the order of the page") {
  const std::string_view page =
      "<!DOCTYPE html><head><link rel=next href=/2><link rel='x next' href=/3></head><body>"
      "<A HREF='/a?b=1&amp;c=2' class='k nav'>1</A><a name=x>2</a><area href=m><a href=''>3</a><img src=i>";
  CHECK(links(page) == "/a?b=1&c=2  ");
  CHECK(values("a, area", "Href", page) == "/a?b=1&c=2 m  ");
  CHECK(values("link[rel=next]", "href", page) == "/2 ");
  CHECK(values("link[rel~=next]", "href", page) == "/2 /3 ");
  CHECK(values("[href]", "href", page) == "/2 /3 /a?b=1&c=2 m  ");
  CHECK(values("a.nav", "href", page) == "/a?b=1&c=2 ");
  CHECK(values("a:not(.nav)", "href", page) == " ");
  CHECK(values("a[class='K NAV' i]", "href", page) == "/a?b=1&c=2 ");
  CHECK(values("image, img", "src", page) == "i ");
}

TEST_CASE("TagFinder: what stands in a comment, a text or a select is no element") {
  CHECK(links("<!-- <a href=no> --><a href=1>") == "1 ");
  for (const char* name : {"title", "textarea", "style", "script", "iframe", "xmp", "noembed", "noframes"}) {
    CAPTURE(name);
    const std::string tag(name);
    CHECK(links("<a href=1></a><" + tag + "><a href=no></" + tag + "><a href=2>") == "1 2 ");
  }
  CHECK(links("<a href=1></a><plaintext><a href=no></plaintext>") == "1 ");
  CHECK(links("<noscript><a href=1></a></noscript>") == "1 ");
  CHECK(links("<select><a href=no><option>x</select><a href=1>") == "1 ");
  CHECK(values("*", "id", "<select><b id=no><option id=1><input id=2>") == "1 2 ");
  CHECK(values("*", "id", "<select><style id=no><option id=1></style><option id=2></select>") == "1 2 ");
  CHECK(values("*", "id", "<p id=1><tr id=no><td id=no><frame id=no><head id=no><i id=2>") == "1 2 ");
  CHECK(values("*", "id", "<form id=1><form id=no></form><form id=2>") == "1 2 ");
  CHECK(links("<![CDATA[<a href=no>]]>").empty());
  CHECK(links("x<![CDATA[<a href=no>x]]><a href=1>") == "1 ");
}

TEST_CASE("TagFinder: tables, lists and end tags that are missing are followed") {
  CHECK(links("<table><caption><a href=1></a><tr><td><a href=2></a><td><table><tr><th><a href=3></table>"
              "<a href=4></a></table><a href=5>") == "1 2 3 4 5 ");
  CHECK(values("*", "id", "<table id=1><col id=2><tr id=3><td id=4><tbody id=5><th id=6></table><p id=7>") ==
        "1 2 3 4 5 6 7 ");
  CHECK(links("<ul><li><a href=1>x</a><li><p><a href=2>y</a></ul></div></p><a href=3>") == "1 2 3 ");
  CHECK(links("<a href=1>x<a href=2>y</a>") == "1 2 ");
  CHECK(links("<p><b>x<p><a href=1>y</a></b>") == "1 ");
  CHECK(links("<a href=1><div><h2>t</h2></div></a><a href=2>") == "1 2 ");
  CHECK(links("</body></html><a href=1>") == "1 ");
}

TEST_CASE("TagFinder: SVG and MathML are passed over") {
  CHECK(links("<svg><title>t</title><path d=x /><style>a{}</style></svg><a href=1>") == "1 ");
  CHECK(links("<svg><![CDATA[<a href=no>]]></svg><a href=1>") == "1 ");
  CHECK(links("<math><mi>x</mi></math><a href=1>") == "1 ");
  CHECK(values("img", "src", "<svg><image src=no /><use src=no></use></svg><img src=1>") == "1 ");
}

TEST_CASE("TagFinder: where only a tree can tell, it gives nothing") {
  CHECK(links("<p><a href=1>x<p>y") == "tree");                  // a second one is opened
  CHECK(links("<a href=1><div>x</a>y</div>") == "tree");         // likewise
  CHECK(links("<table><a href=1>x</a><tr></table>") == "tree");  // it is moved
  CHECK(links("<table><tr><div>x</div></table>") == "tree");     // likewise
  CHECK(links("<svg><a href=1></a></svg>") == "tree");           // its names have cases
  CHECK(links("<svg><p>x</svg>") == "tree");                     // it is no SVG
  CHECK(links("<select><option>x<hr></select>") == "tree");      // it is an element by newer versions of HTML
  CHECK(links("<template><a href=1></a></template>") == "tree");
  CHECK(links("<frameset><frame src=x></frameset>") == "tree");
  CHECK(values("*", "id", "<body id=1><p><body id=2>") == "tree");  // they are merged
  CHECK(links(std::string("<a href=1\0>", 11)) == "tree");
  CHECK(links("<a b=1 b href=1>") == "tree");
  CHECK(links(times("<div>", 1000) + "<a href=1>") == "tree");
  CHECK(links(times("<b><p>", 400) + "<a href=1>") == "tree");
}

TEST_CASE("TagFinder: extract gives the same with it and without, and knows the base") {
  CHECK(by_css("<base href=/b/><a href=x>y</a><a href='//o.example/?a&amp;b'>z", "a", "href") ==
        R"(["http://h.example/b/x","http://o.example/?a&b"])");
  CHECK(by_css("<a href=x>y</a><base href=/b/><base href=/c/>", "a", "href") ==
        R"(["http://h.example/b/x"])");
  CHECK(by_css("<a href=x>y", "a", "href") == R"(["http://h.example/dir/x"])");
  CHECK(by_css("<img srcset='a 1x, b 2x'><img alt=c>", "img", "srcset") ==
        R"(["http://h.example/dir/a","http://h.example/dir/b"])");
  CHECK(by_css("<meta http-equiv=REFRESH content='1; url=x'><meta name=d content='1; url=x'>", "meta",
               "content") == R"(["http://h.example/dir/x","1; url=x"])");
  CHECK(by_css("<form action=x><x-form action=y>", "*", "action") == R"(["http://h.example/dir/x","y"])");
  CHECK(by_css("<p><a href=1>x<p>y", "a", "href") ==
        R"(["http://h.example/dir/1","http://h.example/dir/1"])");
}

TEST_CASE("TagFinder: a page of a million tags takes linear time, whatever they are") {
  for (const char* piece :
       {"<a href=x>", "<p>", "</p>", "<li>", "<b>", "</b>", "<table>", "<td>", "<svg>", "<", "</", "<!--",
        "<script>", "<select>", "<form>", "<a ", "=", "<a b='", "&amp;"}) {
    CAPTURE(piece);
    const std::string page = times(piece, 1'000'000);
    const auto found = links(page);
    CHECK((found == "tree" || found.size() <= 2'000'000));
    CHECK(links("<a href='" + page).empty());
  }
}

TEST_CASE("TagFinder: in 10,000 pages with mistakes it finds what is in the tree") {
  PageMutations pages(20261130);
  std::size_t by_tags = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string page = pages.next();
    const Held held = hold(page);
    by_tags += held.by_tags;
    if (!held.broken.empty()) FAIL(page, "\n", held.broken);
  }
  CHECK(by_tags > 10'000 * kAsked.size() / 3);  // it is no pass that mostly gives up
}
