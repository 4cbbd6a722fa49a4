#include "pipelines/extract/xpath.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/extract/extracted.hpp"

using namespace leat::pipelines;

namespace {

struct Wrong {
  const char* xpath;
  std::size_t offset;
  const char* says;
};

constexpr Wrong kWrong[] = {
    {"", 0, "no XPath"},
    {"//", 2, "no XPath"},
    {"//a[", 4, "no XPath"},
    {"//a]", 3, "no XPath"},
    {"//a[@href='x]", 10, "quote is not closed"},
    {"a b", 2, "no XPath"},
    {"/a/foo()", 3, "no function \"foo\""},
    {"//a[lenght(.) > 1]", 4, "no function \"lenght\""},
    {"//a[contain(., 'x')]", 4, "did you mean \"contains\"?"},
    {"re:test(., 'x')", 0, "no function \"re:test\""},
    {"//a[. = $x]", 8, "no variables"},
    {"count()", 0, "arguments"},
    {"count('x')", 0, "wrong type"},
    {"\xFF", 0, "not UTF-8"},
};

}  // namespace

TEST_CASE("Xpath: an error says what is wrong and where, before there is a document") {
  for (const Wrong& wrong : kWrong) {
    CAPTURE(std::string(wrong.xpath));
    const auto fault = check_xpath(wrong.xpath);
    REQUIRE(fault);
    CHECK(fault->offset == wrong.offset);
    CHECK_MESSAGE(fault->message.find(wrong.says) != std::string::npos, fault->message);
  }
  CHECK(check_xpath(std::string("a\0b", 3))->offset == 1);
}

TEST_CASE("Xpath: names in strings, axes, operators and node types are not taken for functions or prefixes") {
  for (const char* good :
       {"//a[contains(., 'foo(')]", "//a[. = \"$x y:z\"]", "a and (b) or (c)", "//node()", "a div (2)",
        "self::node()/child::a", "//processing-instruction('x')", "a mod(2)", "//*[1.5 = 2]",
        "//a[position() = last()]", "ancestor-or-self :: *", "(((a)))", "div/mod/and"}) {
    CAPTURE(std::string(good));
    const auto fault = check_xpath(good);
    CHECK_MESSAGE(!fault, fault->message);
    CHECK(xpath_names(good).prefixes.empty());
  }
}

TEST_CASE("Xpath: only names of elements with a prefix are taken as they are written") {
  CHECK(xpath_names("//a/@xlink:href").prefixes == std::vector<std::string>{"xlink"});
  CHECK_FALSE(xpath_names("//a/@xlink:href").on_elements);
  CHECK_FALSE(xpath_names("//a/attribute::xlink:href").on_elements);
  CHECK(xpath_names("//m:a[@x:b]").on_elements);
  CHECK(xpath_names("//m:*").on_elements);
  CHECK(xpath_names("//m:a/m:b").prefixes.size() == 1);
}

TEST_CASE("Xpath: deep expressions are refused, not run") {
  const std::string open(100'000, '(');
  CHECK(check_xpath(open + "a" + std::string(100'000, ')')));
}
