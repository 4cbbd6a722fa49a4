#include "pipelines/extract/html_tokens.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::pipelines;

namespace {

// Every token: 'text', <name a="1" b="">, </name>.
std::string tokens_of(std::string_view page, bool has_cdata = false) {
  std::string said;
  HtmlTokens tokens(page);
  for (auto kind = tokens.next(has_cdata); kind != HtmlTokens::Kind::end; kind = tokens.next(has_cdata)) {
    if (kind == HtmlTokens::Kind::text) {
      said.append("'").append(tokens.text()).append("'");
      continue;
    }
    if (kind == HtmlTokens::Kind::nameless) {
      said += "</>";
      continue;
    }
    said.append(kind == HtmlTokens::Kind::end_tag ? "</" : "<").append(tokens.tag().name);
    for (const auto& attribute : tokens.tag().attributes)
      said.append(" ").append(attribute.name).append("=[").append(attribute.value).append("]");
    said += tokens.tag().is_self_closing ? "/>" : ">";
  }
  return said;
}

// The tokens behind a start tag whose text was passed over.
std::string behind_text(std::string_view page, HtmlText kind) {
  HtmlTokens tokens(page);
  REQUIRE(tokens.next(false) == HtmlTokens::Kind::start_tag);
  tokens.skip_text(kind);
  std::string said;
  for (auto next = tokens.next(false); next != HtmlTokens::Kind::end; next = tokens.next(false))
    said += next == HtmlTokens::Kind::text ? tokens.text() : tokens.tag().name;
  return said;
}

}  // namespace

TEST_CASE("HtmlTokens: attributes with and without quotes, without a value, and with odd names") {
  CHECK(tokens_of("<a href=x>") == "<a href=[x]>");
  CHECK(tokens_of("<A  HREF = 'x y' b\n>") == "<A HREF=[x y] b=[]>");
  CHECK(tokens_of("<a b=\"1>2\"c=3>") == "<a b=[1>2] c=[3]>");
  CHECK(tokens_of("<a href=/x/>") == "<a href=[/x/]>");
  CHECK(tokens_of("<a href= />") == "<a href=[/]>");
  CHECK(tokens_of("<a href=>y") == "<a href=[]>'y'");
  CHECK(tokens_of("<a =b=c>") == "<a =b=[c]>");
  CHECK(tokens_of("<a \"b'<c>") == "<a \"b'<c=[]>");
  CHECK(tokens_of("<br/><br / ><br/a>") == "<br/><br><br a=[]>");
  CHECK(tokens_of("<a b=1 b=2>") == "<a b=[1] b=[2]>");
}

TEST_CASE("HtmlTokens: of an attribute that comes more than once, the first one counts") {
  HtmlTokens tokens("<a HREF=1 href=2>");
  REQUIRE(tokens.next(false) == HtmlTokens::Kind::start_tag);
  CHECK(tokens.tag().find("href")->value == "1");
  CHECK(tokens.tag().find("src") == nullptr);
}

TEST_CASE("HtmlTokens: what only looks like a tag is text, and what is cut off is none") {
  CHECK(tokens_of("a < b <3 <= <") == "'a < b <3 <= ''<'");
  CHECK(tokens_of("a</") == "'a''</'");
  CHECK(tokens_of("<a<b>") == "<a<b>");
  CHECK(tokens_of("x<a href='y>") == "'x'");
  CHECK(tokens_of("x<a href") == "'x'");
  CHECK(tokens_of("x</a") == "'x'");
  CHECK(tokens_of("</a b=c/>") == "</a b=[c/]>");
  CHECK(tokens_of("a</>b") == "'a'</>'b'");
}

TEST_CASE("HtmlTokens: comments and declarations end where a browser ends them") {
  CHECK(tokens_of("<!-- <a> -->x") == "'x'");
  CHECK(tokens_of("<!-->x<!--->y") == "'x''y'");
  CHECK(tokens_of("<!-- a --!>x") == "'x'");
  CHECK(tokens_of("<!--a--!-->x") == "'x'");
  CHECK(tokens_of("<!--a--!->x-->y") == "'y'");
  CHECK(tokens_of("<!----!>x<!--a--->y") == "'x''y'");
  CHECK(tokens_of("<!-- <a>").empty());
  CHECK(tokens_of("<!doctype html \">\">x") == "'\">x'");
  CHECK(tokens_of("<?xml a='>'?>x") == "''?>x'");
  CHECK(tokens_of("</ a>x<!b>y") == "'x''y'");
}

TEST_CASE("HtmlTokens: CDATA is text where there is such a thing, and else a comment up to '>'") {
  CHECK(tokens_of("<![CDATA[<a>]]>x", true) == "'<a>''x'");
  CHECK(tokens_of("<![CDATA[<a>]]>x", false) == "']]>x'");
  CHECK(tokens_of("<![CDATA[<a>", true) == "'<a>'");
}

TEST_CASE("HtmlTokens: a raw text ends at the end tag of its own name") {
  CHECK(behind_text("<style><a></b></STYLE >x", HtmlText::raw) == "x");
  CHECK(behind_text("<title></titlex></title/>x", HtmlText::raw) == "x");
  CHECK(behind_text("<title></title a='>'>x", HtmlText::raw) == "x");
  CHECK(behind_text("<title>x", HtmlText::raw).empty());
  CHECK(behind_text("<p>x", HtmlText::markup) == "x");
  CHECK(behind_text("<plaintext></plaintext>x", HtmlText::plaintext).empty());
}

TEST_CASE("HtmlTokens: a script in a comment of a script does not end it") {
  CHECK(behind_text("<script>a</script>x", HtmlText::script) == "x");
  CHECK(behind_text("<script><!--<script></script>--></script>x", HtmlText::script) == "x");
  CHECK(behind_text("<script><!--<script>--></script>x", HtmlText::script) == "x");
  CHECK(behind_text("<script><!--</script>x", HtmlText::script) == "x");
  CHECK(behind_text("<script><!--<script></script>x", HtmlText::script).empty());
  CHECK(behind_text("<script><!--><script></script>x", HtmlText::script) == "x");
  CHECK(behind_text("<script><script></script>x", HtmlText::script) == "x");
  CHECK(behind_text("<script><!--<scripts></script>x", HtmlText::script) == "x");
}
