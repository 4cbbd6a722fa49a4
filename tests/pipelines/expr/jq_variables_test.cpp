#include "pipelines/expr/jq_variables.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace leat::pipelines;

namespace {

// Gives the names of the variables, each with '=' before it if the program binds that name.
std::string variables_of(std::string_view program) {
  std::string found;
  for (const auto& variable : jq_variables(program)) {
    if (!found.empty()) found += ' ';
    found += (variable.bound_within ? "=" : "") + std::string(variable.name);
  }
  return found;
}

}  // namespace

TEST_CASE("jq_variables: what a program binds is told from what it takes from outside") {
  CHECK(variables_of("$a + .b") == "a");
  CHECK(variables_of(". as $a | $a, $b") == "=a =a b");
  CHECK(variables_of(". as [$a, {b: $c, $d}] | $a, $c, $d, $e") == "=a =c =d =a =c =d e");
  CHECK(variables_of("def f($a; g): $a; f($b; .)") == "=a =a b");
  CHECK(variables_of("label $out | break $out, $a") == "=out =out a");
  CHECK(variables_of("reduce .[] as [$a] (0; . + $a + $b)") == "=a =a b");
}

TEST_CASE("jq_variables: a keyword that is a key binds nothing") {
  CHECK(variables_of("{as: $n}") == "n");
  CHECK(variables_of("{as, b: $n}") == "n");
  CHECK(variables_of("{a: 1, as} | $n") == "n");
  CHECK(variables_of("{def: $n, label: $m}") == "n m");
  CHECK(variables_of(".as | .[\"as\"] | $n") == "n");
  CHECK(variables_of("\"as\" | $n") == "n");
  CHECK(variables_of(". as {as: $k, (\"e\"): $x} | [$k, $x]") == "=k =x =k =x");
  CHECK(variables_of(". as {def: $k, label: [$x]} | $k, $x") == "=k =x =k =x");
}

TEST_CASE("jq_variables: a key of a pattern that is computed binds nothing, and what stands behind it does") {
  CHECK(variables_of(". as {($n): $x, (\"a\\($m)\"): [$y]} | $x, $y") == "n =x m =y =x =y");
  CHECK(variables_of(". as {((.a | $n)): $x} | $x") == "n =x =x");
}
