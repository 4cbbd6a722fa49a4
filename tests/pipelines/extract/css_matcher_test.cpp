#include "pipelines/extract/css_matcher.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "pipelines/extract/html_document.hpp"
#include "pipelines/extract/xml_document.hpp"
#include "pipelines/extract/xpath.hpp"
#include "tests/pipelines/extract/css_as_xpath.hpp"

using namespace leat::pipelines;

namespace {

// Every element that is selected has an id.
constexpr const char* kPage = R"(<!DOCTYPE html>
<html id=html lang=en-GB><head id=head><title id=title>T</title></head><body id=body class="home page">
<h1 id=h1 class="Big title">One</h1>
<p id=p1 class="a b" lang=en>first <a id=a1 href="/x.html">x</a> <a id=a2 href="http://o.example/y.PDF" rel="nofollow next">y</a></p>
<p id=p2 class=b data-k="v w">second <b id=b1><i id=i1></i></b></p>
<ul id=ul1><li id=l1>1<li id=l2 class=on>2<li id=l3>3<li id=l4>4<li id=l5>5</ul>
<ol id=ol1><li id=m1>only</ol>
<div id=d1><span id=s1></span><p id=p3>x</p><span id=s2> </span><em id=e1><!-- c --></em></div>
<svg id=svg viewBox="0 0 1 1"><linearGradient id=lg></linearGradient><a id=sa xlink:href="#z"></a></svg>
<my-box id=box X-Y="1">z</my-box>
</body></html>)";

struct Row {
  const char* css;
  const char* ids;
};

constexpr Row kRows[] = {
    {"p", "p1 p2 p3"},
    {"P", "p1 p2 p3"},
    {"my-box", "box"},
    {"MY-BOX", "box"},
    {"lineargradient", ""},
    {"linearGradient", "lg"},
    {"svg a", "sa"},
    {"a", "a1 a2 sa"},
    {"nothing", ""},
    {"html", "html"},
    {":root", "html"},
    {":root > *", "head body"},
    {"#p1", "p1"},
    {"p#p1", "p1"},
    {"a#p1", ""},
    {"#P1", ""},
    {".a", "p1"},
    {".b", "p1 p2"},
    {".a.b", "p1"},
    {".B", ""},
    {".big", ""},
    {".Big", "h1"},
    {"body.home", "body"},
    {"[href]", "a1 a2"},
    {"a[href]", "a1 a2"},
    {"[HREF]", "a1 a2"},
    {"[xlink\\:href]", "sa"},
    {"[viewBox]", "svg"},
    {"[x-y]", "box"},
    {"[href='/x.html']", "a1"},
    {"[href=\"/x.html\"]", "a1"},
    {"[href^=http]", "a2"},
    {"[href^='']", ""},
    {"[href$='.html']", "a1"},
    {"[href$='.pdf']", ""},
    {"[href$='.pdf' i]", "a2"},
    {"[href$='.pdf'i]", "a2"},
    {"[href$='.PDF' s]", "a2"},
    {"[href*=example]", "a2"},
    {"[href*='']", ""},
    {"[rel~=next]", "a2"},
    {"[rel~=nex]", ""},
    {"[rel~='nofollow next']", ""},
    {"[lang|=en]", "html p1"},
    {"[lang|=e]", ""},
    {"[lang = en]", "p1"},
    {"[data-k=\"v w\"]", "p2"},
    {"[data-k='V W' I]", "p2"},
    {"body p", "p1 p2 p3"},
    {"body > p", "p1 p2"},
    {"body>p>a", "a1 a2"},
    {"body a", "a1 a2 sa"},
    {"div p", "p3"},
    {"html body div span", "s1 s2"},
    {"html > div", ""},
    {"h1 + p", "p1"},
    {"p + p", "p2"},
    {"h1 ~ p", "p1 p2"},
    {"h1~ul>li:first-child", "l1"},
    {"span ~ span", "s2"},
    {"span + p + span", "s2"},
    {"a, b", "a1 a2 b1 sa"},
    {"#p2 , #p1,#h1", "h1 p1 p2"},
    {"p, p.b", "p1 p2 p3"},
    {"li:first-child", "l1 m1"},
    {"li:last-child", "l5 m1"},
    {"li:only-child", "m1"},
    {"li:nth-child(2)", "l2"},
    {"li:nth-child(odd)", "l1 l3 l5 m1"},
    {"li:nth-child( EVEN )", "l2 l4"},
    {"li:nth-child(2n+1)", "l1 l3 l5 m1"},
    {"li:nth-child(3n)", "l3"},
    {"li:nth-child(n+4)", "l4 l5"},
    {"li:nth-child(-n + 2)", "l1 l2 m1"},
    {"li:nth-child(+3)", "l3"},
    {"li:nth-child(0)", ""},
    {"li:nth-child(-n)", ""},
    {"li:nth-last-child(1)", "l5 m1"},
    {"li:nth-last-child(-n+2)", "l4 l5 m1"},
    {"div span:nth-child(1)", "s1"},
    {"div span:nth-of-type(2)", "s2"},
    {"div > :first-of-type", "s1 p3 e1"},
    {"div > :last-of-type", "p3 s2 e1"},
    {"div > :only-of-type", "p3 e1"},
    {"div > :nth-last-of-type(2)", "s1"},
    {"div > :empty", "s1 e1"},
    {"i:empty", "i1"},
    {"p:not(.a)", "p2 p3"},
    {"p:not(.a):not(#p3)", "p2"},
    {"p:not(.a, #p3)", "p2"},
    {"body > :not(p):not(ul)", "h1 ol1 d1 svg box"},
    {"li:not(:first-child)", "l2 l3 l4 l5"},
    {"li:not(:only-child):not(:nth-child(2n))", "l1 l3 l5"},
    {"a:not([href])", "sa"},
    {"*:not(*)", "fault"},
    {"li:nth-child(2) ~ li:not(:last-child)", "l3 l4"},
};

template <class Tree>
std::string ids(const CssMatcher<Tree>& matcher, const typename Tree::Node& document) {
  std::string found;
  matcher.for_each_match(document, [&](const typename Tree::Node& node) {
    found += (found.empty() ? "" : " ");
    found += Tree::attribute(node, Tree::attribute_name("id")).value_or("?");
  });
  return found;
}

std::string ids(const Xpath& xpath, const XmlDocument& document) {
  std::string found;
  const auto value = xpath.evaluate(document);
  for (const xmlNode* node : std::get<Xpath::Nodes>(value.value())) {
    found += (found.empty() ? "" : " ");
    found += XmlNodes::attribute(*node, "id").value_or("?");
  }
  return found;
}

std::string by_model(const Selector& selector, const XmlDocument& document) {
  const auto compiled = Xpath::compile(css_as_xpath(selector));
  if (const auto* fault = std::get_if<TextFault>(&compiled))
    return css_as_xpath(selector) + ": " + fault->message;
  return ids(std::get<Xpath>(compiled), document);
}

using Random = std::mt19937;

int below(Random& random, int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }
const char* one_of(Random& random, const std::vector<const char*>& words) {
  return words[random() % words.size()];
}

// Malformed HTML with few names, so that selectors find something; each element has an id of its own.
std::string random_page(Random& random) {
  std::string page = "<!DOCTYPE html>";
  const int parts = 5 + below(random, 60);
  for (int i = 0; i < parts; ++i) {
    const std::string tag =
        one_of(random, {"div", "p", "ul", "li", "b", "a", "span", "table", "tr", "td", "svg", "x-y"});
    switch (below(random, 8)) {
      case 0:
        page += "text & more";
        break;
      case 1:
        page += "<!-- c -->";
        break;
      case 2:
      case 3:
        page += "</" + tag + ">";
        break;
      default:
        page += "<" + tag + " id=n" + std::to_string(i);
        if (below(random, 2) == 0)
          page += std::string(" class='") + one_of(random, {"a", "a b", "b  c", "", "A"}) + "'";
        if (below(random, 3) == 0)
          page += std::string(" href='") + one_of(random, {"/x", "/x-y", "x y", "", "X"}) + "'";
        page += ">";
    }
  }
  return page;
}

std::string random_simple(Random& random) {
  switch (below(random, 9)) {
    case 0:
    case 1:
      return std::string(".") + one_of(random, {"a", "b", "c", "A"});
    case 2:
      return "#n" + std::to_string(below(random, 20));
    case 3:
      return "[href]";
    case 4:
    case 5:
      return std::string("[href") + one_of(random, {"=", "~=", "|=", "^=", "$=", "*="}) + "'" +
             one_of(random, {"/x", "x", "", "x y", "y", "X"}) + "'" + one_of(random, {"", " i"}) + "]";
    case 6:
      return std::string(":") + one_of(random, {"first-child", "last-child", "only-child", "empty", "root"});
    default:
      return std::string(":") + one_of(random, {"nth-child", "nth-last-child"}) + "(" +
             one_of(random, {"odd", "even", "1", "2", "2n+1", "3n", "-n+2", "n+2", "n", "-2n+3", "2n-1"}) +
             ")";
  }
}

std::string random_compound(Random& random) {
  std::string css = one_of(random, {"div", "p", "li", "b", "a", "span", "td", "*", "x-y", ""});
  int more = below(random, 3);
  if (css.empty()) more += 1;
  for (; more > 0; --more) {
    css += below(random, 4) == 0 ? ":not(" + random_simple(random) + ", q)" : random_simple(random);
  }
  return css;
}

std::string random_selector(Random& random) {
  std::string css;
  for (int i = below(random, 3) / 2; i >= 0; --i) {
    css += random_compound(random);
    for (int j = below(random, 4); j > 0; --j) {
      css += one_of(random, {" ", " ", ">", " > ", "+", " ~ "}) + random_compound(random);
    }
    if (i > 0) css += ", ";
  }
  return css;
}

}  // namespace

TEST_CASE(
    "CssMatcher: every selector of a table finds what a browser finds, and so does its translation to "
    "XPath") {
  const auto page = HtmlDocument::parse(kPage);
  REQUIRE(page);
  const XmlDocument copy = XmlDocument::copy(page.value(), false);
  static_assert(std::size(kRows) >= 60);
  for (const Row& row : kRows) {
    CAPTURE(std::string(row.css));
    const auto parsed = parse_selector(row.css);
    if (std::string_view(row.ids) == "fault") {
      CHECK(std::holds_alternative<TextFault>(parsed));
      continue;
    }
    REQUIRE(std::holds_alternative<Selector>(parsed));
    const auto& selector = std::get<Selector>(parsed);
    CHECK(ids(CssMatcher<HtmlNodes>(selector), page.value().document()) == row.ids);
    const bool has_model = std::string_view(row.css).find("> :") == std::string_view::npos ||
                           std::string_view(row.css).find("of-type") == std::string_view::npos;
    if (has_model) CHECK(by_model(selector, copy) == row.ids);
  }
}

TEST_CASE("CssMatcher: 10,000 generated selectors on generated pages agree with XPath") {
  Random random(4);
  int found = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = random_page(random);
    const auto page = HtmlDocument::parse(text);
    REQUIRE(page);
    const XmlDocument copy = XmlDocument::copy(page.value(), false);
    for (int j = 0; j < 10; ++j) {
      const std::string css = random_selector(random);
      CAPTURE(css);
      CAPTURE(text);
      const auto parsed = parse_selector(css);
      REQUIRE(std::holds_alternative<Selector>(parsed));
      const auto& selector = std::get<Selector>(parsed);
      const std::string direct = ids(CssMatcher<HtmlNodes>(selector), page.value().document());
      REQUIRE(direct == by_model(selector, copy));
      REQUIRE(direct == ids(CssMatcher<XmlNodes>(selector), *reinterpret_cast<const xmlNode*>(copy.get())));
      found += direct.empty() ? 0 : 1;
    }
  }
  CHECK(found > 1500);
}

TEST_CASE("CssMatcher: XML is matched by names as they are spelled, whatever the namespace") {
  const auto feed = XmlDocument::parse(
      "<rss xmlns:m='urn:m'><Item id='1'><m:content id='2' m:x='y'/></Item><item id='3'/></rss>");
  REQUIRE(feed);
  const auto found = [&](const char* css) {
    return ids(CssMatcher<XmlNodes>(std::get<Selector>(parse_selector(css))),
               *reinterpret_cast<const xmlNode*>(feed.value().get()));
  };
  CHECK(found("Item") == "1");
  CHECK(found("item") == "3");
  CHECK(found("Item > content") == "2");
  CHECK(found("[m\\:x=y]") == "2");
  CHECK(found("[x]") == "");
}
