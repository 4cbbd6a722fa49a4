#include "pipelines/extract/html_document.hpp"

#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "tests/pipelines/extract/extracted.hpp"

using namespace leat::pipelines;

namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

TEST_CASE("HtmlDocument: malformed HTML is read as a browser reads it") {
  CHECK(by_css("<p>a<!--><p>b", "p") == R"(["a","b"])");
  CHECK(by_css("<p>a<!-- x <p>b --!><p>c", "p") == R"(["a","c"])");
  CHECK(by_css("<table><tr><td>1<div>moved</table>", "td") == R"(["1moved"])");
  CHECK(by_css("<table><b>moved</b><tr><td>1</table>", "body > b") == R"(["moved"])");
  CHECK(by_css("<table><a href=/x>y</a><tr></table>", "a", "href") == R"(["http://h.example/x"])");
  CHECK(by_css("<p><b>1<p>2</b>3", "p b") == R"(["1","2"])");
  CHECK(by_css("<a href=1>x<a href=2>y", "a") == R"(["x","y"])");
  CHECK(by_css("<title><b>&amp;</title>", "title") == R"(["<b>&"])");
  CHECK(by_css("<script>if (a<b) '<a href=x>'</script>", "a") == "[]");
  CHECK(by_css("<textarea><a href=x></textarea><a>z", "a") == R"(["z"])");
  CHECK(by_css("<noscript><img src=a.png></noscript>", "img", "src") == R"(["http://h.example/dir/a.png"])");
  CHECK(by_css("<svg><path d='M0'/><a xlink:href=b /></svg>", "a", "xlink:href") ==
        R"(["http://h.example/dir/b"])");
  CHECK(by_css("<math><mi>x</mi></math>", "math > mi") == R"(["x"])");
  CHECK(by_css("<template><p>in</p></template>", "template > p") == R"(["in"])");
  CHECK(by_css("<p a=1 a=2 b>", "p[a='1'][b='']", "a") == R"(["1"])");
  CHECK(by_css("", "html > body") == R"([""])");
  CHECK(by_css("<", "body") == R"(["<"])");
  CHECK(by_css("<p id='unclosed>text", "p") == "[]");
}

TEST_CASE("HtmlDocument: NULs and control characters do not break it") {
  using namespace std::string_literals;
  CHECK(by_css("<p>a\0b</p><p \0x=1>c"s, "p").find("c") != std::string::npos);
  CHECK(by_xpath("<p>a\0b\x01</p>"s, "string(//p)").starts_with("[\"a"));
  CHECK(by_css("\0<p>x"s, "p") == R"(["x"])");
}

TEST_CASE("HtmlDocument: a million nested elements are refused at once, but some thousand are accepted") {
  const double start = cpu_seconds();
  for (const char* tag : {"<div>", "<b>", "<span>", "<svg>", "<ul><li>", "<table><tr><td><div>"}) {
    CAPTURE(tag);
    const std::string page = times(tag, 1'000'000);
    CHECK(by_css(page, "a").starts_with("error: "));
    CHECK(by_xpath(page, "//a").starts_with("error: "));
  }
  const std::string moved = "<table>" + times("<div>", 1'000'000);
  CHECK(by_css(moved, "a").starts_with("error: "));
  CHECK(by_css(times("<table><div>", 100'000), "a") == "[]");
  CHECK(cpu_seconds() - start < 20);
  const std::string deep = times("<div>", 3000) + "<p>x";
  CHECK(by_css(deep, "div div > p") == R"(["x"])");
  CHECK(by_css(deep, "html") == R"(["x"])");
  CHECK(by_xpath(deep, "//div/p") == R"(["x"])");
  CHECK(by_css(deep, "html", "", true).size() > 30'000);
}

TEST_CASE("HtmlDocument: a page that would need quadratic time or memory is given up") {
  const double start = cpu_seconds();
  std::string attributes = "<p";
  std::string formatting;
  for (int i = 0; i < 400'000; ++i) attributes += " a" + std::to_string(i) + "=1";
  for (int i = 0; i < 100'000; ++i) formatting += "<p><b a" + std::to_string(i) + ">";
  CHECK(by_css(attributes + ">x", "b").starts_with("error: the page takes too "));
  CHECK(by_css(formatting, "i").starts_with("error: "));
  CHECK(cpu_seconds() - start < 20);
}

TEST_CASE("HtmlDocument: a wide page takes time in proportion to its size") {
  const std::string page = "<ul>" + times("<li><a href=x>y</a>", 100'000);
  const std::string found = by_css(page, "li:last-child > a:only-child, li:nth-of-type(3)", "href");
  CHECK(found == R"(["http://h.example/dir/x"])");
  CHECK(by_xpath(page, "count(//li[a/@href])") == "[100000]");
  CHECK(by_xpath(page, "//li[last()]/a/@href") == R"(["http://h.example/dir/x"])");
}

TEST_CASE("HtmlDocument: a failed assertion in gumbo fails that page and no other") {
  const std::string page = "<b><table><svg></html><desc><![CDATA[x]]>\n\n&#0;<td>";
  CHECK(by_css(page, "td") == "error: the page triggers a fault of gumbo, the HTML parser");
  CHECK(by_css("<td>x<p>y", "p") == R"(["y"])");
}
