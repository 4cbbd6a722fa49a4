#include "pipelines/spec/format.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/spec/good_specs.hpp"
#include "tests/pipelines/spec/spec_properties.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::spec_test;

namespace {

std::string formatted(const std::string& text) {
  const auto parsed = parse(text);
  REQUIRE(parsed.ok);
  return format(parsed.tree);
}

}  // namespace

TEST_CASE("format: a spec is on one line if it fits") {
  CHECK(formatted("a|b  x\n k=y|c{d|e}") == "a | b x k=y | c { d | e }");
  CHECK(formatted("let a=1;let b = (.x);\ninclude \"f\";\na $a") ==
        "let a = 1; let b = (.x); include \"f\"; a $a");
  CHECK(formatted("let a=1;") == "let a = 1;");
  CHECK(formatted("") == "");
}

TEST_CASE("format: texts are escaped in one way, and jq programs lose the blanks around them") {
  CHECK(formatted(R"(a "\u0041\u00e9\n" "\u000b")") == R"(a "Aé\n" "\u000b")");
  CHECK(formatted("a \"x\ny\"") == R"(a "x\ny")");
  CHECK(formatted("a (  .b | .c\t) ( )") == "a (.b | .c) ()");
}

TEST_CASE("format: each stage has a line if the whole is wider than a hundred columns") {
  const std::string wide(80, 'x');
  CHECK(formatted("let n = 3; lines | fetch n=$n | save \"" + wide + "\"") ==
        "let n = 3;\nlines\n| fetch n=$n\n| save \"" + wide + "\"");
  const std::string fits(100 - 10, 'x');
  CHECK(formatted("lines | a " + fits) == "lines | a " + fits);
  CHECK(formatted("lines | a x" + fits) == "lines\n| a x" + fits);
  const std::string umlauts = "\"" + std::string(44, 'x') + "\"";
  CHECK(formatted("lines | a ö" + fits.substr(1)) == "lines | a ö" + fits.substr(1));
}

TEST_CASE("format: blocks are treated in the same way, and indented") {
  const std::string wide(90, 'x');
  CHECK(formatted("lines | tee { a | b } | tee { save " + wide + " | write json } | null") ==
        "lines\n| tee { a | b }\n| tee {\n    save " + wide + "\n    | write json\n  }\n| null");
  CHECK(formatted("lines | a k={ b { c " + wide + " | d } }") ==
        "lines\n| a k={\n    b {\n        c " + wide + "\n        | d\n      }\n  }");
}

TEST_CASE("format: comments stay with their stage") {
  CHECK(formatted("# 1\nlet a = 1; # 2\n# 3\na|b # 4\n|c # 5\n x\n# 6") ==
        "# 1\nlet a = 1;  # 2\n# 3\na\n| b  # 4\n# 5\n| c x\n# 6");
  CHECK(formatted("a { # 1\n b } # 2") == "a {\n    # 1\n    b\n  }  # 2");
}

TEST_CASE("format: a let's value that begins with '#' doesn't become a comment") {
  CHECK(formatted("let n =#3; a k=#4") == "let n =#3; a k=#4");
  CHECK(formatted("a { let n =#3;b }") == "a { let n =#3; b }");
}

TEST_CASE("format: a jq program with a comment, or with newlines, is left as it is") {
  CHECK(formatted("a ( .b # c )\n ) | d") == "a ( .b # c )\n )\n| d");
  CHECK(formatted("a (\n  .b\n  | .c\n) | d") == "a (.b\n  | .c)\n| d");
}

TEST_CASE("format: the canonical form of a good spec is its own canonical form, and means the same") {
  for (const auto spec : kGoodSpecs) {
    CAPTURE(spec);
    const auto once = formatted(std::string(spec));
    CHECK(formatted(once) == once);
    CHECK(dump(parse(once).tree) == dump(parse(std::string(spec)).tree));
  }
}
