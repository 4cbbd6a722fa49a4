#include "pipelines/spec/parser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/spec/spec_properties.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::spec_test;

namespace {

// The tree of a text without faults.
std::string tree(const std::string& text) {
  const auto parsed = parse(text);
  CHECK(parsed.ok);
  return dump(parsed.tree);
}

std::vector<std::size_t> fault_columns(const std::string& text) {
  SourceTexts sources;
  const auto source = sources.add("spec", text);
  FaultList faults(sources);
  static_cast<void>(parse_spec(sources, source, faults));
  std::vector<std::size_t> columns;
  for (const auto& fault : faults.take().shown) columns.push_back(fault.column);
  return columns;
}

using Columns = std::vector<std::size_t>;

}  // namespace

TEST_CASE("parse_spec: it reads stages, keys and values of every kind") {
  CHECK(tree("a | b x k=y \"t\" (.j)") == "|a|b =0:1:x k=0:1:y =1:1:t =2:2:.j");
  CHECK(tree("a|b|c") == "|a|b|c");
  CHECK(tree("a k={ b | c x } { d }") == "|a k={|b|c =0:1:x} ={|d}");
  CHECK(tree("a(.b) {c}") == "|a =2:2:.b ={|c}");
}

TEST_CASE("parse_spec: newlines count as blanks") {
  CHECK(tree("a\n  x\n|\nb\n  k=y\n") == tree("a x | b k=y"));
  CHECK(tree("a\r\n| b\r\n") == tree("a|b"));
}

TEST_CASE("parse_spec: lets and includes may stand before the first stage, in blocks too") {
  CHECK(tree("let a = 1; let b=\"x\";let c={ d };include \"f\"; e") ==
        "let a=0:1:1;let b=1:1:x;let c={|d};let =1:1:f;|e");
  CHECK(tree("a { let b = 1; c $b }") == "|a ={let b=0:1:1;|c =0:2:$b}");
  CHECK(tree("let a = 1;") == "let a=0:1:1;");
  CHECK(tree("include \"f\" | a | include g") == "|include =1:1:f|a|include =0:1:g");
}

TEST_CASE("parse_spec: a stage whose name begins with let is not a let") {
  CHECK(tree("letter x | lets") == "|letter =0:1:x|lets");
}

TEST_CASE("parse_spec: comments are kept with the part that they are about") {
  const auto parsed = parse("# 1\n# 2\na # 3\n# 4\n| b x # 5\n  y\n# 6\n");
  REQUIRE(parsed.tree.stages.size() == 2);
  const auto& [a, b] = std::pair(parsed.tree.stages[0].comments, parsed.tree.stages[1].comments);
  CHECK(a.before == std::vector<std::string>{"# 1", "# 2"});
  CHECK(a.behind == "# 3");
  CHECK(b.before == std::vector<std::string>{"# 4", "# 5"});
  CHECK(b.behind == "");
  CHECK(parsed.tree.comments_at_end == std::vector<std::string>{"# 6"});
}

TEST_CASE("parse_spec: it goes on after an error and finds the next ones") {
  CHECK(fault_columns("a | | b ) | c \"\\x\" | d k= | } e") == Columns{5, 9, 16, 24, 29});
  CHECK(fault_columns("let = 1; let b 2; let c = ; a; b") == Columns{1, 14, 23, 30});
  CHECK(fault_columns("a \"x\"y | b (.c)d") == Columns{6, 16});
}

TEST_CASE("parse_spec: an unclosed part is one error, at the innermost one") {
  CHECK(fault_columns("a { b { c") == Columns{7});
  CHECK(fault_columns("a { b \"x") == Columns{7});
  CHECK(fault_columns("a { b (x | c }") == Columns{7});
}

TEST_CASE(
    "parse_spec: it marks the parts that were not understood, so that no further error follows from them") {
  const auto parsed = parse("a | b ) | c");
  REQUIRE(parsed.tree.stages.size() == 3);
  CHECK_FALSE(parsed.tree.stages[0].damaged);
  CHECK(parsed.tree.stages[1].damaged);
  CHECK_FALSE(parsed.tree.stages[2].damaged);
  CHECK_FALSE(parsed.tree.damaged);
  CHECK(parse("a | | c").tree.damaged);
}
