#include "pipelines/expr/jq_tokens.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::pipelines;

namespace {

/// The tokens, with a '|' between them.
std::string cut(std::string_view program) {
  std::string joined;
  for (const auto& token : jq_tokens(program)) {
    if (!joined.empty()) joined += '|';
    joined += program.substr(token.begin, token.end - token.begin);
  }
  return joined;
}

}  // namespace

TEST_CASE("jq tokens: operators are as long as possible") {
  CHECK(cut("a//=b") == "a|//=|b");
  CHECK(cut("..a") == "..|a");
  CHECK(cut(".a?//.b") == ".a|?//|.b");
  CHECK(cut("1<=2!=3") == "1|<=|2|!=|3");
}

TEST_CASE("jq tokens: a dot belongs to a field or a number") {
  CHECK(cut(".a.b[.1]") == ".a|.b|[|.1|]");
  CHECK(cut("1.5e-3.a") == "1.5e-3|.a");
  CHECK(cut("1e") == "1|e");
  CHECK(cut(". a") == ".|a");
}

TEST_CASE("jq tokens: a string is cut at its interpolations, which may contain strings") {
  CHECK(cut(R"("a\(b+"c\(d)e")f" g)") == R"("a\(|b|+|"c\(|d|)e"|)f"|g)");
  CHECK(cut(R"("\"(" x)") == R"("\"("|x)");
  CHECK(cut(R"x("\((1))")x") == R"x("\(|(|1|)|)")x");
}

TEST_CASE("jq tokens: comments and blanks are left out, but unfinished strings are not") {
  CHECK(cut("a # b\n c") == "a|c");
  CHECK(cut("\"#\" # \"") == "\"#\"");
  CHECK(cut("\"abc") == "\"abc");
  CHECK(cut("\"abc\\") == "\"abc\\");
}

TEST_CASE("jq tokens: a module's name and a format are one token each") {
  CHECK(cut("a::b_1 @base64 \"x\"") == "a::b_1|@base64|\"x\"");
}
