#include "pipelines/expr/jq_needs.hpp"

#include <doctest/doctest.h>

#include <string>

#include "pipelines/expr/native_program.hpp"
#include "tests/pipelines/expr/program_generator.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

constexpr const char* kRecord =
    R"({"url":"http://a/","status":200,"meta":{"kind":"k1","n":3,"a b":{"c":[1,{"d":2}]}},"json":[{"x":1}]})";

// What is left of the record above; "all" if all of it is needed.
std::string left_by(const std::string& program) {
  const auto needs = JqNeeds::of(program);
  if (needs.whole()) return "all";
  JsonDoc doc;
  CHECK_FALSE(doc.parse(kRecord));
  JsonInput input(doc.root());
  std::string out;
  needs.append_to(out, input);
  return out;
}

std::string result(const NativeProgram& program, const std::string& text) {
  JsonDoc doc;
  CHECK_FALSE(doc.parse(text));
  NativeProgram::Scratch scratch;
  std::string out;
  const auto error = program.run(doc.root(), scratch, [&](JsonValue value) {
    value.append_to(out);
    out += '\n';
  });
  return error ? out + "error: " + error->message : out;
}

}  // namespace

TEST_CASE("JqNeeds: a path needs the value at that place and nothing else") {
  struct Row {
    const char* program;
    const char* left;
  };
  for (const Row& row : {
           Row{".meta.kind | ascii_downcase | explode | length == 2", R"({"meta":{"kind":"k1"}})"},
           Row{".status == 200 and (.url | test(\"a\"))", R"({"status":200,"url":"http://a/"})"},
           Row{"{url, n: .meta.n, \"status\"}", R"({"url":"http://a/","meta":{"n":3},"status":200})"},
           Row{".meta.\"a b\".c[1].d", R"({"meta":{"a b":{"c":[1,{"d":2}]}}})"},
           Row{".meta[\"a b\"]?.c", R"({"meta":{"a b":{"c":[1,{"d":2}]}}})"},
           Row{"[.json[] | select(.x > 0)] | length", R"({"json":[{"x":1}]})"},
           Row{"\"\\(.url) \\(.meta.n + 1)\"", R"({"url":"http://a/","meta":{"n":3}})"},
           Row{"@uri \"x=\\(.url)\"", R"({"url":"http://a/"})"},
           Row{".url | @base64", R"({"url":"http://a/"})"},
           Row{"select(.status == 200) | .meta.n", R"({"status":200,"meta":{"n":3}})"},
           Row{".meta as $m | .url | length",
               R"({"meta":{"kind":"k1","n":3,"a b":{"c":[1,{"d":2}]}},"url":"http://a/"})"},
           Row{"reduce .json[] as $i (0; . + $i.x)", R"({"json":[{"x":1}]})"},
           Row{"foreach .json[] as $i (0; . + 1; [., $i])", R"({"json":[{"x":1}]})"},
           Row{"if .status == 200 then .url else empty end", R"({"status":200,"url":"http://a/"})"},
           Row{"try (.url | tonumber) catch .", R"({"url":"http://a/"})"},
           Row{"first(.json[].x), limit(1; .url)", R"({"json":[{"x":1}],"url":"http://a/"})"},
           Row{"label $out | .json[] | if .x then ., break $out else . end", R"({"json":[{"x":1}]})"},
           Row{".meta.none.deeper | not", R"({"meta":{}})"},
           Row{".status.deeper?", R"({"status":200})"},
           Row{".none", "{}"},
           Row{"now > 0", "{}"},
           Row{"(.meta | .kind) // -.meta.n", R"({"meta":{"kind":"k1","n":3}})"},
           Row{".meta | has(\"n\")", R"({"meta":{"kind":"k1","n":3,"a b":{"c":[1,{"d":2}]}}})"},
       }) {
    CAPTURE(row.program);
    CHECK(left_by(row.program) == row.left);
  }
}

TEST_CASE("JqNeeds: a program that uses its input as a whole needs all of it") {
  for (const char* program : {".",
                              "..",
                              "keys",
                              "length",
                              "to_entries",
                              ".[]",
                              ".[\"a\",\"b\"]",
                              "del(.url)",
                              ".meta.n = 1",
                              ".meta.n |= . + 1",
                              "select(.status == 200)",
                              "select(.status == 200) | keys",
                              ". as $r | $r.url",
                              "tojson",
                              "with_entries(.value |= 1)",
                              "[paths]",
                              "has(\"url\")",
                              "path(.url)",
                              "if .status then 1 else . end",
                              "error",
                              "first",
                              "reduce .json[] as $i (.; .)",
                              "{a: .}",
                              "\"\\(.)\"",
                              "@json",
                              "[.]",
                              "(., .url)",
                              ". == 1",
                              "def f: .url; f",
                              ". as {url: $u} | $u",
                              ". as [$a] | $a",
                              "map(.x)",
                              "recurse | .x?",
                              "{\"a\\(.url)\": 1}",
                              "getpath([\"url\"])",
                              ".\"u\\u0072l\""}) {
    CAPTURE(program);
    CHECK(left_by(program) == "all");
  }
}

TEST_CASE("JqNeeds: any text is examined without a crash") {
  for (const char* text :
       {"", ")", "(((", ".a[", "{", "\"\\(", "{a:", "if", "reduce", ". as", "$", ".a |", "@"}) {
    CAPTURE(text);
    static_cast<void>(JqNeeds::of(text));
  }
  CHECK(JqNeeds::of(std::string(100'000, '(')).whole());
}

TEST_CASE("JqNeeds: generated programs give the same result for the part that they need as for the whole") {
  ProgramGenerator generate(20261121);
  int compared = 0;
  for (int i = 0; i < 60'000; ++i) {
    const auto text = generate.program();
    const auto program = NativeProgram::compile(text);
    const auto input = generate.input();
    if (!program || !input.starts_with('{')) continue;
    const auto needs = JqNeeds::of(text);
    if (needs.whole()) continue;
    JsonDoc doc;
    if (doc.parse(input)) continue;
    JsonInput fields(doc.root());
    std::string left;
    needs.append_to(left, fields);
    CAPTURE(text);
    CAPTURE(input);
    CAPTURE(left);
    CHECK(result(*program, left) == result(*program, input));
    ++compared;
  }
  CHECK(compared > 5'000);
}
