#include "pipelines/extract/extractor.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/extract/extracted.hpp"

using namespace leat::pipelines;

namespace {

using Language = Extractor::Language;

constexpr std::string_view kSitemap = R"(<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> http://h.example/a?x=1&amp;y=2 </loc><image:image><image:loc>http://h.example/i.png</image:loc></image:image></url>
<url><loc><![CDATA[http://h.example/b]]></loc></url>
</urlset>)";

std::string xml(Language language, std::string text, std::string_view body, std::string attr = "",
                bool markup = false) {
  return extracted({{language, std::move(text), std::move(attr), markup}}, body, "application/xml");
}

}  // namespace

TEST_CASE("Extractor: an element gives its text, its markup or an attribute") {
  constexpr const char* kBody = "<div class=x>\n  one <b>two</b>\n\tthree&nbsp;four<br></div><div>&lt;</div>";
  CHECK(by_css(kBody, "div") ==
        "[\"one two three\xC2\xA0"
        "four\",\"<\"]");
  CHECK(by_css(kBody, "div", "class") == R"(["x"])");
  CHECK(by_css(kBody, "div", "CLASS") == R"(["x"])");
  CHECK(by_css(kBody, "b, div + div", "", true) == R"(["<b>two</b>","<div>&lt;</div>"])");
  CHECK(by_xpath(kBody, "//b", "", true) == R"(["<b>two</b>"])");
  CHECK(by_xpath(kBody, "//div", "class") == R"(["x"])");
  CHECK(by_css(kBody, "i") == "[]");
}

TEST_CASE("Extractor: markup is written by HTML's rules") {
  CHECK(
      by_css("<p a='1\"<' B>x<br>y<!--c--><script>a<b && '\"'</script>&amp;&lt;&nbsp;</p>", "p", "", true) ==
      R"(["<p a=\"1&quot;<\" b=\"\">x<br>y<!--c--><script>a<b && '\"'</script>&amp;&lt;&nbsp;</p>"])");
  CHECK(by_css("<svg viewBox=1><a xlink:href=x></svg>", "svg", "", true) ==
        R"(["<svg viewBox=\"1\"><a xlink:href=\"x\"></a></svg>"])");
}

TEST_CASE("Extractor: URL attributes are made absolute, in whatever way they are found") {
  constexpr const char* kBody =
      "<a href=' x y '>1</a><a href='?b'>2</a><a>3</a><a href='#f'>4</a><a href='//o.example/p'>5</a>"
      "<a href='mailto:a@b'>6</a><a href='javascript:void(0) '>7</a><a href=''>8</a><a href='/a/../b'>9</a>";
  constexpr const char* kUrls =
      R"x(["http://h.example/dir/x%20y","http://h.example/dir/page?b","http://h.example/dir/page?q=1#f",)x"
      R"x("http://o.example/p","mailto:a@b","javascript:void(0)","http://h.example/dir/page?q=1","http://h.example/b"])x";
  CHECK(by_css(kBody, "a", "href") == kUrls);
  CHECK(by_css(kBody, "a[href]", "HREF") == kUrls);
  CHECK(by_xpath(kBody, "//a", "href") == kUrls);
  CHECK(by_xpath(kBody, "//a/@href") == kUrls);
  CHECK(by_xpath(kBody, "string(//a/@href)") == R"([" x y "])");
  CHECK(by_css("<a title=x href=y>", "a", "title") == R"(["x"])");
}

TEST_CASE("Extractor: the page's base is its first <base href>") {
  CHECK(by_css("<base target=x><base href='/up/'><base href=/no/><a href=z>", "a", "href") ==
        R"(["http://h.example/up/z"])");
  CHECK(by_css("<a href=z><base href='https://o.example/d/e'>", "a", "href") ==
        R"(["https://o.example/d/z"])");
  CHECK(by_css("<base href='data:,x'><a href=z>", "a", "href") == R"(["http://h.example/dir/z"])");
  CHECK(by_xpath("<base href='/up/'><a href=z>", "//a/@href") == R"(["http://h.example/up/z"])");
  CHECK(extracted({{Language::css, "a", "href", false}}, "<a href=z>", kHtml, "") == R"(["z"])");
}

TEST_CASE("Extractor: a srcset gives each candidate, and a refresh gives its target") {
  CHECK(by_css("<img srcset='a.png 1x, b,c.png 2x,d.png'>", "img", "srcset") ==
        R"(["http://h.example/dir/a.png","http://h.example/dir/b,c.png","http://h.example/dir/d.png"])");
  CHECK(by_css("<meta http-equiv=Refresh content='0; URL=next'><meta name=d content=next>", "meta",
               "content") == R"(["http://h.example/dir/next","next"])");
  CHECK(by_xpath("<meta http-equiv=Refresh content='0; URL=next'>", "//meta/@content") ==
        R"(["http://h.example/dir/next"])");
}

TEST_CASE("Extractor: XPath gives texts, comments, strings, numbers and booleans") {
  constexpr const char* kBody = "<ul> <li>1 <li> 2<!-- c --></ul>";
  CHECK(by_xpath(kBody, "//li/text()") == R"(["1","2"])");
  CHECK(by_xpath(kBody, "//comment()") == R"(["c"])");
  CHECK(by_xpath(kBody, "count(//li)") == "[2]");
  CHECK(by_xpath(kBody, "count(//li) div 4") == "[0.5]");
  CHECK(by_xpath(kBody, "1 div 0") == "[null]");
  CHECK(by_xpath(kBody, "number('x')") == "[null]");
  CHECK(by_xpath(kBody, "string(//li)") == R"(["1 "])");
  CHECK(by_xpath(kBody, "boolean(//li)") == "[true]");
  CHECK(by_xpath(kBody, "//li = 3") == "[false]");
  CHECK(by_xpath(kBody, "//nothing") == "[]");
  CHECK(by_xpath(kBody, "//comment() | //li[2] | //li[1]") == R"(["1","2","c"])");
  CHECK(by_xpath("<p id=a>x<p id=b>y", "id('b')") == R"(["y"])");
  CHECK(by_xpath(kBody, "/") == "[\"1 2\"]");
}

TEST_CASE("Extractor: a sitemap's elements match by their local names") {
  CHECK(xml(Language::xpath, "//url/loc", kSitemap) ==
        R"(["http://h.example/a?x=1&y=2","http://h.example/b"])");
  CHECK(xml(Language::xpath, "//loc", kSitemap) ==
        R"(["http://h.example/a?x=1&y=2","http://h.example/i.png","http://h.example/b"])");
  CHECK(xml(Language::xpath, "//image:loc", kSitemap) == R"(["http://h.example/i.png"])");
  CHECK(xml(Language::xpath, "//url/image:image/image:loc", kSitemap) == R"(["http://h.example/i.png"])");
  CHECK(xml(Language::xpath, "//loc[not(parent::image:image)]", kSitemap) ==
        R"(["http://h.example/a?x=1&y=2","http://h.example/b"])");
  CHECK(xml(Language::xpath, "//video:loc", kSitemap) == "[]");
  CHECK(xml(Language::css, "url > loc", kSitemap) ==
        R"(["http://h.example/a?x=1&y=2","http://h.example/b"])");
  CHECK(xml(Language::xpath, "//image:loc", kSitemap, "", true) ==
        R"(["<image:loc>http://h.example/i.png</image:loc>"])");
  CHECK(xml(Language::xpath, "//image", kSitemap, "", true).find("<image:image>") != std::string::npos);
}

TEST_CASE("Extractor: a body that says it is XML is read as XML, and everything else as HTML") {
  const auto by_type = [](std::string_view type) {
    return extracted({{Language::xpath, "count(//link/node())", "", false}},
                     "<?xml version='1.0'?><r><link>x</link></r>", type);
  };
  CHECK(by_type("application/rss+xml; charset=utf-8") == "[1]");
  CHECK(by_type("TEXT/XML") == "[1]");
  CHECK(by_type("application/octet-stream") == "[1]");
  CHECK(by_type("") == "[1]");
  CHECK(by_type("text/html") == "[0]");
  CHECK(by_type("application/xhtml+xml") == "[0]");
  CHECK(extracted({{Language::css, "a", "", false}}, "<?xml version='1.0'?><!DOCTYPE html><html><a>x", "") ==
        R"(["x"])");
}

TEST_CASE("Extractor: SVG and MathML elements are found with their prefix and without it") {
  constexpr const char* kBody = "<svg><a id=s xlink:href=q></a></svg><a id=h href=r></a>";
  CHECK(by_xpath(kBody, "//svg/a/@id") == R"(["s"])");
  CHECK(by_xpath(kBody, "//svg:a/@id") == R"(["s"])");
  CHECK(by_xpath(kBody, "//a[not(self::svg:a)]/@id") == R"(["h"])");
  CHECK(by_xpath(kBody, "//a/@xlink:href") == R"(["http://h.example/dir/q"])");
}

TEST_CASE("Extractor: an XML attribute's URL is made absolute, and its entities are resolved") {
  CHECK(xml(Language::css, "link",
            "<feed xmlns='http://www.w3.org/2005/Atom'><link href='a?b=1&amp;c=2'/></feed>",
            "href") == R"(["http://h.example/dir/a?b=1&c=2"])");
  CHECK(xml(Language::xpath, "//@href", "<feed><link href='a&#63;b=1&amp;c=&quot;'/></feed>") ==
        R"(["http://h.example/dir/a?b=1&c=\""])");
}

TEST_CASE("Extractor: results are one line of well-formed JSON") {
  CHECK(by_css("<p>a\"\\\n\x01\xC2\x85\xFF</p>", "p") ==
        "[\"a\\\"\\\\ \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]");
}

TEST_CASE("Extractor: its error is that of the text") {
  CHECK(by_css("", "a:frist-child") ==
        "fault 1: \":frist-child\" is not supported; did you mean \":first-child\"?");
  CHECK(by_xpath("", "//a[").starts_with("fault 4: "));
  CHECK(by_regex("", "a(b").starts_with("fault "));
}
