#include "pipelines/expr/check_jq.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "pipelines/expr/jq_program.hpp"
#include "pipelines/expr/jq_refused.hpp"

using namespace leat::pipelines;

namespace {

struct Wrong {
  std::string program;
  std::size_t offset;
  std::string message;
};

std::vector<std::string> programs_of(const std::vector<Wrong>& rows) {
  std::vector<std::string> programs;
  for (const auto& row : rows) programs.push_back(row.program);
  return programs;
}

}  // namespace

TEST_CASE("check_jq: an error in a program names the place of the token at fault") {
  const std::vector<Wrong> rows{
      {".a |", 4, "syntax error, unexpected end"},
      {"(.a", 3, "syntax error, unexpected end"},
      {"  # nothing but this\n |", 22, "syntax error, unexpected '|', expecting end"},
      {".a b", 3, "syntax error, unexpected name, expecting end"},
      {".status ~ 200", 8, "syntax error, unexpected character, expecting end"},
      {".a | foo", 5, "foo/0 is not defined"},
      {".a | foo(1; 2) | .b", 5, "foo/2 is not defined"},
      {"\"é \\(.a | foo) é\"", 11, "foo/0 is not defined"},
      {".a # foo\n| foo", 11, "foo/0 is not defined"},
      {".a | tojsn", 5, "tojsn/0 is not defined; did you mean \"tojson/0\"?"},
      {".a | ltrimstr", 5, "ltrimstr/0 is not defined; did you mean \"ltrimstr/1\"?"},
      {".a | deubg", 5, "deubg/0 is not defined"},
      {"{a: 1, b: $x}", 10, "$x is not defined"},
      {"\"two\nlines\" | $x", 14, "$x is not defined"},
      {". as [$a, {b: $c}] | $a, $c, $d", 29, "$d is not defined"},
      {"{(1): 2}", 1, "Cannot use number (1) as object key"},
      {".a | \"\\q\"", 5, "Invalid escape"},
      {"\"abc", 4, "syntax error, unexpected end, expecting the end of a string"},
      // 1.7 reads two numbers, 1.2 and .3
      {".a | 1.2.3", 5,
       JqProgram::is_1_7() ? "syntax error, unexpected number, expecting end"
                           : "Invalid numeric literal at EOF"},
      {"if . then 1", 11, "syntax error, unexpected end"},
      {std::string(".a\0b", 4), 2, "holds a NUL byte"},
  };
  const auto programs = programs_of(rows);
  const auto faults = check_jq_programs(programs);
  REQUIRE(faults.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(rows[i].program);
    REQUIRE(faults[i]);
    CHECK(faults[i]->message == rows[i].message);
    CHECK(faults[i]->offset == rows[i].offset);
  }
}

TEST_CASE("check_jq: a number in a program that libjq would change is named, unless it is kept") {
  const std::string said = "jq keeps numbers as doubles, which would change ";
  struct Row {
    const char* program;
    std::size_t offset;
    const char* number;
  };
  for (const Row& row : {Row{"sort | .[0] == 9007199254740993", 15, "9007199254740993"},
                         Row{"\"a\\(.b * 12345678901234567890)\"", 9, "12345678901234567890"},
                         Row{"sort | .[0] * .12345678901234567890 < ..", 14, ".12345678901234567890"}}) {
    CAPTURE(row.program);
    const auto fault = check_jq(row.program);
    REQUIRE(fault.has_value() == !JqProgram::keeps_digits());
    if (!fault) continue;
    CHECK(fault->offset == row.offset);
    CHECK(fault->message == said + row.number);
  }
  CHECK_FALSE(check_jq("sort | .[0] == 9007199254740992 * 1.10e-5 + 007 + .5 | \"9007199254740993\""));
}

TEST_CASE("check_jq: good programs are accepted") {
  const std::vector<std::string> programs{
      "",
      "# nothing but this",
      "def f: 1;",
      ".",
      ".a.b[]?",
      ". as {input: $x, $env} | {$x, $env, input: 1, debug}",
      "def f(g): g | g; f(.a)",
      "\"a\\(.b | \"c\\(1 + 2)\")\" | @base64 \"x\\(.)\"",
      "[.[] | select(.a >= 1.5e3)] |= map(.b //= 2) | ..",
      "reduce .[] as $x (0; . + $x) # a comment with \" and (",
      "label $out | foreach .[] as $i (0; . + $i; if . > 3 then ., break $out else . end)",
      "try error(\"x\") catch .",
      ".env, .input, .\"halt\", .[\"debug\"], {stderr: 1, \"import\": 2}",
      "test(\"^a\"; \"i\"), ltrimstr(\"x\"), (now | todate)",
  };
  const auto faults = check_jq_programs(programs);
  for (std::size_t i = 0; i < programs.size(); ++i) {
    CAPTURE(programs[i]);
    CHECK_FALSE(faults[i]);
  }
}

TEST_CASE("check_jq: a program on which libjq aborts is an error and doesn't end leat") {
  // find_refused_in_jq stops everything that is known to make it abort, so this one is only large.
  std::string deep(50'000, '(');
  const auto fault = check_jq(deep);
  REQUIRE(fault);
  CHECK_FALSE(fault->message.empty());
}

TEST_CASE(
    "jq refused: each refused name is refused where it is used, and the error says what to do instead") {
  const std::vector<std::pair<std::string, std::size_t>> rows{
      {"env", 0},
      {".a | env.HOME", 5},
      {"$ENV.PATH", 0},
      {"{a: $ENV}", 4},
      {"{$ENV}", 1},
      {". | $ # here\n ENV", 4},
      {"import \"a\" as a; .", 0},
      {"include \"a\"; .", 0},
      {"[inputs]", 1},
      {"first(input)", 6},
      {".[input:5]", 2},
      {"{a: input}", 4},
      {"{a: 1, b: input}", 10},
      {"{(input): 1}", 2},
      {"{a: (1, input)}", 8},
      {"{\"a\": [1, input, 2]}", 10},
      {"\"text \\(env) text\"", 8},
      {"\"\\(\"\\(1)\" | debug)\"", 12},
      {"{a: \"x\\(1)\"} | stderr", 15},
      {"\"#\" | debug", 6},
      {"\"\\\"\" | debug", 7},
      {"\"\\\\\" | debug", 7},
      {"@text \"\\(halt)\"", 9},
      {"halt_error", 0},
      {"halt_error(1)", 0},
      {"input_filename", 0},
      {"input_line_number", 0},
      {"$__loc__", 0},
      {"get_search_list", 0},
      {"\"a\" | modulemeta", 6},
      {". as $x | env", 10},
      {"1 as $y | [$y, debug]", 15},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    const auto fault = find_refused_in_jq(row.first);
    REQUIRE(fault);
    CHECK(fault->offset == row.second);
    CHECK(fault->message.find(" is refused: ") != std::string::npos);
  }
}

TEST_CASE("jq refused: the same names are accepted as fields, keys, variables, text and comments") {
  const std::vector<std::string> programs{
      ".env",
      ".a.input.debug",
      "..|.env?",
      "{env: 1}",
      "{a: 1, input: 2, debug : 3}",
      "{env}",
      "{a: 1, halt}",
      ". as $env | $env",
      ". as {inputs: $x} | $x",
      "\"env\"",
      "\"a \\\" env\"",
      "\"\\\\(env)\"",
      ". # env",
      ".\"env\"",
      ".[\"input\"]",
      "environment, my_env, env2",
      "{a: {input: 1}, debug: [2]}",
      "{__loc__: 1}",
      "$ENVIRONMENT",
  };
  for (const auto& program : programs) {
    CAPTURE(program);
    CHECK_FALSE(find_refused_in_jq(program));
  }
}

TEST_CASE("jq refused: any bytes are checked in linear time without a crash") {
  for (const std::string piece : {"\"", "\\(", "(", ")", "{", "}", ".", "\"\\(", "#", "$", "\\"}) {
    std::string program;
    for (int i = 0; i < 20'000; ++i) program += piece;
    CHECK_FALSE(find_refused_in_jq(program));
  }
}
