#include "pipelines/expr/native_program.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "pipelines/expr/jq_program.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

/// Counts what it is asked for.
class CountingInput : public Input {
 public:
  explicit CountingInput(JsonValue object) : object_(object) {}
  JsonValue field(std::string_view name) override {
    asked += std::string(name) + " ";
    return object_.get(name);
  }
  JsonValue whole() override {
    asked += "* ";
    return object_;
  }
  std::string asked;

 private:
  JsonValue object_;
};

struct Ran {
  std::string out;
  std::string asked;
};

Ran run(std::string_view text, const std::string& input) {
  const auto program = NativeProgram::compile(text);
  REQUIRE_MESSAGE(program.has_value(), text);
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(input));
  CountingInput record(doc.root());
  NativeProgram::Scratch scratch;
  Ran ran;
  const auto error = program->run(record, scratch, [&](JsonValue value) {
    value.append_to(ran.out);
    ran.out += ' ';
  });
  if (error) {
    CHECK(error->code == Errc::filter_error);
    ran.out += "error: " + error->message;
  }
  ran.asked = record.asked;
  return ran;
}

std::string outputs(std::string_view text, const std::string& input) { return run(text, input).out; }

}  // namespace

TEST_CASE("NativeProgram: a value that it does not touch goes out as it came") {
  const std::string record =
      R"({"n":1e2,"big":12345678901234567890,"o":{ "z" : "\u00e9" , "a":1.0},"s":"\/"})";
  CHECK(outputs(".n, .big, .s", record) == R"(1e2 12345678901234567890 "\/" )");
  CHECK(outputs(".o", record) == R"({"z":"\u00e9","a":1.0} )");
  CHECK(outputs("{n, o: [.o, .n]}", record) == R"({"n":1e2,"o":[{"z":"\u00e9","a":1.0},1e2]} )");
  CHECK(outputs("select(.n == 100) | .o.a", record) == "1.0 ");
}

TEST_CASE("NativeProgram: a record is asked only for the fields that are needed") {
  const std::string record = R"({"status":200,"json":{"items":[{"url":"/a"},{"url":"/b"}]},"url":"u"})";
  CHECK(run(".status == 200 and (.url | startswith(\"u\"))", record).asked == "status url ");
  CHECK(run("select(.status == 200) | .json.items[].url", record).asked == "status json ");
  CHECK(run(".status != 200 and .url", record).asked == "status ");
  CHECK(run(".json.items | length", record).out == "2 ");
  CHECK(run(".", record).asked == "* ");
}

TEST_CASE("NativeProgram: it names the fields that it uses, or none if it uses the whole input") {
  const auto names = [](std::string_view text) {
    std::string all;
    const auto program = NativeProgram::compile(text);
    REQUIRE_MESSAGE(program.has_value(), text);
    if (!program->names()) return std::string("*");
    for (const auto& name : *program->names()) all += name + " ";
    return all;
  };
  CHECK(names(".status == 200") == "status ");
  CHECK(names("select(.a == 1 or .b) | {c: .d.e, f}") == "a b d f ");
  CHECK(names("select(.a)") == "*");
  CHECK(names(".a | ., .b") == "a ");
  CHECK(names("(., .x) | .y") == "x y ");
  CHECK(names("[.]") == "*");
  CHECK(names(".[]") == "*");
  CHECK(names("has(\"a\")") == "*");
  CHECK(names("1, \"a\"") == "");
  CHECK(names("try .json.a catch (., .b)") == "json ");
  CHECK(names("try (.) catch .b") == "*");
}

TEST_CASE("NativeProgram: in a row of a table NUL is written as jq writes it") {
  const std::string input = R"(["a\u0000b\u0000","x"])";
  CHECK(outputs("@csv", input) == R"("\"a\\0b\\0\",\"x\"" )");
  CHECK(outputs("@tsv", input) == R"("a\\0b\\0\tx" )");
}

TEST_CASE("NativeProgram: errors are the same as jq's, and outputs before them stay") {
  CHECK(outputs(".a, .a.b", R"({"a":1})") == "1 error: Cannot index number with string \"b\"");
  CHECK(outputs(".a[0]", R"({"a":"x"})") == "error: Cannot index string with number");
  CHECK(outputs(".a[]", R"({"a":null})") == "error: Cannot iterate over null (null)");
  CHECK(outputs(".a | test(\"x\")", R"({"a":[1,2,3,4,5,6,7]})") ==
        "error: array ([1,2,3,4,5,...) cannot be matched, as it is not a string");
  CHECK(outputs(".a.b?", R"({"a":1})").empty());
  CHECK(outputs("(.a.b)? , 2", R"({"a":1})") == "2 ");
  CHECK(outputs("try .a.b, 2", R"({"a":1})") == "2 ");
  CHECK(outputs("try .a.b catch ., 2", R"({"a":1})") == "\"Cannot index number with string \\\"b\\\"\" 2 ");
  CHECK(outputs("try (1, .a.b) catch (., .x)", R"({"a":1})") ==
        "1 \"Cannot index number with string \\\"b\\\"\" error: Cannot index string with string \"x\"");
  CHECK(outputs("[.[] | try tonumber catch null]", R"(["1","x",2])") == "[1,null,2] ");
}

TEST_CASE(
    "NativeProgram: where jq 1.6 and 1.7 differ, a program means what it means in the libjq that is here") {
  const bool is_1_7 = JqProgram::is_1_7();
  const std::string fails = "error: Cannot index number with string \"a\"";
  CHECK(outputs("(.[])? | .a", "[{},1,{}]") == "null " + (is_1_7 ? fails : ""));
  CHECK(outputs("try .[] catch 3 | .a", "[1]") == fails);
  CHECK(outputs("(try .[]) as $x | $x.a, 2", "[1]") == (is_1_7 ? fails : ""));
  CHECK(outputs("@uri", "\"-_.~ !*'()\"") == (is_1_7 ? "\"-_.~%20%21%2A%27%28%29\" " : "\"-_.~%20!*'()\" "));
}

TEST_CASE("NativeProgram: no `?` swallows that a program ran too long") {
  std::string items = "[0";
  for (int i = 1; i < 400; ++i) items += "," + std::to_string(i);
  items += "]";
  std::string rows = "[" + items;
  for (int i = 1; i < 400; ++i) rows += "," + items;
  rows += "]";
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(rows));
  const auto said = [&](const char* text, std::chrono::nanoseconds most) {
    const auto program = NativeProgram::compile(text);
    REQUIRE_MESSAGE(program.has_value(), text);
    NativeProgram::Scratch scratch(most);
    std::string out;
    const auto error = program->run(doc.root(), scratch, [&](JsonValue value) { value.append_to(out); });
    return out + (error ? error->message : "");
  };
  const auto none = std::chrono::nanoseconds(0);
  const auto enough = std::chrono::seconds(600);
  for (const auto* text :
       {"((.[] | .[] | . + 1 | select(. < 0))?), 7", "([.[] | .[] | (. + \"a\")?] | length), 7",
        "first(((.[] | .[] | . + 1 | select(. < 0))?), 7)",
        "del((.[] | select([.[] | . + 1 | select(. < 0)] | length > 0))?) | 7"}) {
    CAPTURE(text);
    CHECK(said(text, none) == "ran longer than 0s");
    CHECK(said(text, enough).ends_with("7"));
  }
}

TEST_CASE("NativeProgram: programs outside the subset are left to jq") {
  for (const char* text : {"",
                           "|",
                           ".a.",
                           "..",
                           "$ENV",
                           "env",
                           "input",
                           "reduce .[] as $x (0; . + $x)",
                           ".[.a]",
                           ".[1:2]",
                           ".a = 1",
                           ".a |= 1",
                           "{a: 1 + 2}",
                           "{a: .b // 1}",
                           "{a: 1, a: 2}",
                           "1 == 1 == 1",
                           "test(\"\\\\d\")",
                           "test(\"a\"; \"x\")",
                           "test(.a)",
                           "test(\"(\")",
                           "-.a",
                           "@base64",
                           ".a.[\"b\"]",
                           ". a",
                           ".a . b",
                           ".[1.5]",
                           "not(1)",
                           "length(1)",
                           "select()",
                           ".a)",
                           "(.a",
                           "\"a",
                           "\"\\q\"",
                           "try error",
                           ".a?//1",
                           "import \"a\" as a; .",
                           "def f: 1; f",
                           "error",
                           ".a;",
                           ".a - 1",
                           "keys(1)",
                           "add(1)",
                           "map",
                           "first(",
                           ".a as [$x] | $x",
                           ". as $x | $y",
                           "(. as $x | $x) | $x",
                           "if . then 1 end",
                           "if . then 1 else 2",
                           "{a: if . then 1 else 2 end}",
                           "{\"a\\(1)\"}",
                           "del(.a + 1)",
                           "{(1): 2}",
                           "del(. as $x | .a)",
                           "@base64 \"x\\(1)\"",
                           "\"x\\(1",
                           "\"x\\(1]\"",
                           ".[\"a\\(1)\"]",
                           ". as $x | .[$x]"}) {
    CHECK_MESSAGE(!NativeProgram::compile(text), text);
  }
  CHECK_FALSE(NativeProgram::compile(std::string(10'000, '(')));
  CHECK_FALSE(NativeProgram::compile(std::string(100'000, '[') + std::string(100'000, ']')));
  std::string many = "1";
  for (int i = 0; i < 10'000; ++i) many += ",1";
  CHECK_FALSE(NativeProgram::compile(many));
}
