#include "pipelines/extract/selector.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::pipelines;

namespace {

struct Wrong {
  const char* css;
  std::size_t offset;
  const char* says;  // a part of the message
};

constexpr Wrong kWrong[] = {
    {"", 0, "the selector is empty"},
    {"   ", 3, "a selector is missing at the end"},
    {"a,", 2, "a selector is missing at the end"},
    {",a", 0, "a selector is missing before ','"},
    {"a,,b", 2, "a selector is missing before ','"},
    {"a >", 3, "a selector is missing at the end"},
    {"> a", 0, "\">\" does not belong here"},
    {"a > > b", 4, "\">\" does not belong here"},
    {"a b!", 3, "\"!\" does not belong here"},
    {".", 1, "a name is missing at the end"},
    {"a..b", 2, "a name belongs here"},
    {"#", 1, "a name is missing at the end"},
    {".1a", 1, "a name belongs here"},
    {"[", 1, "a name is missing at the end"},
    {"[href", 5, "']' is missing"},
    {"[href=", 6, "a value is missing"},
    {"[href=x", 7, "']' is missing"},
    {"[href=/x]", 6, "written in quotes"},
    {"[href=a/b]", 7, "written in quotes"},
    {"[href='x]", 6, "the quote is not closed"},
    {"[href!=x]", 5, "one of = ~= |= ^= $= *="},
    {"[xlink|href]", 6, "xlink\\:href"},
    {"svg|a", 3, "namespaces are not supported"},
    {"*|a", 1, "namespaces are not supported"},
    {"a:hover", 1, "\":hover\" is not supported"},
    {"a:frist-child", 1, "did you mean \":first-child\"?"},
    {"a::text", 2, "attr="},
    {"li:nth-child", 12, "'(' belongs here"},
    {"li:nth-child(", 13, "')' is missing"},
    {"li:nth-child()", 13, "odd, even, a number"},
    {"li:nth-child(x)", 13, "odd, even, a number"},
    {"li:nth-child(2n3)", 13, "odd, even, a number"},
    {"li:nth-child(99999999999)", 13, "odd, even, a number"},
    {"li:first-child(2)", 14, "takes nothing in parentheses"},
    {":not(a b)", 7, "single conditions"},
    {":not(a.b)", 6, "single conditions"},
    {":not()", 5, ":not() takes simple selectors"},
    {":not(:not(a))", 5, ":not() in :not()"},
    {":not(a", 6, "')' is missing"},
    {"a:has(b)", 1, "\":has\" is not supported"},
    {"a:contains('x')", 1, "xpath="},
    {"\xC3\xA4 \xFF", 3, "not UTF-8"},
    {"a\\", 1, "nothing follows"},
    {"a{}", 1, "\"{\" does not belong here"},
};

}  // namespace

TEST_CASE("parse_selector: an error says what is wrong and where") {
  for (const Wrong& wrong : kWrong) {
    CAPTURE(std::string(wrong.css));
    const auto fault = check_selector(wrong.css);
    REQUIRE(fault);
    CHECK(fault->offset == wrong.offset);
    CHECK_MESSAGE(fault->message.find(wrong.says) != std::string::npos, fault->message);
  }
}

TEST_CASE("parse_selector: 64 parts are accepted, and 65 are not") {
  std::string css = "a";
  for (int i = 1; i < 64; ++i) css += " a";
  CHECK_FALSE(check_selector(css));
  const auto fault = check_selector(css + " b");
  REQUIRE(fault);
  CHECK(fault->offset == css.size() + 1);
}

TEST_CASE("parse_selector: escapes can name any character") {
  const auto name_of = [](const char* css) {
    return std::get<Selector>(parse_selector(css)).compounds.at(0).all.at(0).value;
  };
  CHECK(name_of(".a\\:b") == "a:b");
  CHECK(name_of("#\\31 0") == "10");
  CHECK(name_of(".\\e4 x") == "\xC3\xA4x");
  CHECK(name_of(".\\1F600") == "\xF0\x9F\x98\x80");
  CHECK(name_of(".\\0") == "\xEF\xBF\xBD");
  CHECK(name_of("[a='x\\'y\\\nz']") == "x'yz");
}

TEST_CASE("parse_selector: every cut of a selector gives a result or an error inside it") {
  const std::string css = "ul > li.a\\:b:nth-child(-2n+1)[x|='\\e4 y' i] ~ p:not(.c, #d)+*:only-child, :root";
  REQUIRE_FALSE(check_selector(css));
  for (std::size_t end = 0; end < css.size(); ++end) {
    const auto fault = check_selector(css.substr(0, end));
    if (fault) CHECK(fault->offset <= end);
  }
}
