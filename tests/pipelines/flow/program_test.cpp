#include "pipelines/flow/program.hpp"

#include <doctest/doctest.h>

#include <string>

#include "pipelines/expr/template.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

/// A record with that body; null for none.
struct Looked {
  explicit Looked(const char* body) {
    if (body != nullptr) record.body = body;
    view.look_at(record);
  }

  // What a native program gives, or its error.
  std::string run(const std::string& text) {
    const Program program(text);
    REQUIRE(program.is_native());
    JsonTexts outputs;
    if (const auto error = program.outputs(record, view, outputs)) {
      CHECK(error->code == Errc::filter_error);
      return error->message;
    }
    std::string joined;
    for (std::size_t i = 0; i < outputs.size(); ++i) joined += std::string(outputs[i]) + "\n";
    return joined;
  }
  // What libjq is asked for a program that it has to evaluate, or the error.
  std::string ask(const std::string& text) {
    const Program program(text);
    REQUIRE_FALSE(program.is_native());
    auto question = program.question(record, view);
    return question ? std::move(*question) : question.error().message;
  }

  Record record;
  RecordView view;
};

constexpr const char* kHtml = "<html>Maintenance</html>";
constexpr const char* kError =
    ".json: the body is not JSON: this is no value at byte 1 (line 1, column 1); it looks like HTML";

}  // namespace

TEST_CASE("Program: one that asks for the JSON of a body that is none fails, and one that doesn't is fine") {
  Looked page(kHtml);
  CHECK(page.run(".json.items[]") == kError);
  CHECK(page.run(".json") == kError);
  CHECK(page.run("{url, j: .json}") == kError);
  CHECK(page.run(". | .json.a") == kError);
  CHECK(page.run("[.] | .[0].json") == kError);
  CHECK(page.run(".id == 0 or .json.ok") == "true\n");
  CHECK(page.run(".json? // \"none\"") == "\"none\"\n");
  CHECK(page.run(".body") == "\"<html>Maintenance</html>\"\n");
  CHECK(page.run("[.] | length") == "1\n");
}

TEST_CASE("Program: libjq is not asked about the JSON of a body that is none") {
  Looked page(kHtml);
  CHECK(page.ask(".json | explode") == kError);
  CHECK(page.ask("def f: .json; f") == kError);
  CHECK(page.ask(".body | explode") == R"({"body":"<html>Maintenance</html>"})");
  CHECK(page.ask("def f: .body; f").find("\"body\":\"<html>") != std::string::npos);
}

TEST_CASE("Program: an empty body's JSON is null, and errors about that say why") {
  CHECK(Looked("").run(".json") == "null\n");
  CHECK(Looked(" \n").run(".json[]") ==
        "Cannot iterate over null (null); .json is null, since the body is empty");
  CHECK(Looked(nullptr).run(".json[]") ==
        "Cannot iterate over null (null); .json is null, since there is no body");
  CHECK(Looked("null").run(".json[]") == "Cannot iterate over null (null)");
  CHECK(Looked("").run(".url[]") == "Cannot iterate over null (null)");
}

TEST_CASE("Program: .lines are the values of an NDJSON body") {
  Looked rows("{\"id\":1}\n{\"id\":2}\n");
  CHECK(rows.run(".lines[].id") == "1\n2\n");
  CHECK(rows.run("[.lines[1]]") == "[{\"id\":2}]\n");
  CHECK(rows.run(". | .lines[0].id") == "1\n");
  CHECK(rows.run("[.] | .[0] | has(\"lines\")") == "true\n");
  CHECK(rows.run("[.] | .[0] | has(\"line\")") == "true\n");
  CHECK(rows.ask(".lines | explode") == "{\"lines\":[{\"id\":1},{\"id\":2}]}");
  CHECK(rows.ask("def f: .lines; f").find("\"lines\":[{\"id\":1},{\"id\":2}]") != std::string::npos);
  CHECK(rows.ask("def f: .body; f").find("\"lines\"") == std::string::npos);
  CHECK(Looked("1\n<").run(".lines") ==
        ".lines: line 2 of the body is not JSON: this is no value at its byte 1");
  CHECK(Looked(nullptr).run(".lines") == "null\n");
  CHECK(Program(".lines[]").reads_body());
}

TEST_CASE("Program: of two that take the whole record of one view, only the one that names .lines has them") {
  const std::string wants = "[.] | .[0].lines | length";
  const std::string names = R"([.] | .[0] | keys | map(select(startswith("line"))))";
  Looked first("{\"id\":1}\n{\"id\":2}\n");
  CHECK(first.run(names) == "[\"line\"]\n");
  CHECK(first.run(wants) == "2\n");
  Looked second("{\"id\":1}\n{\"id\":2}\n");
  CHECK(second.run(wants) == "2\n");
  CHECK(second.run(names) == "[\"line\"]\n");
}

TEST_CASE("Program: a template that asks for the JSON of a body that is none fails like a program") {
  auto compiled = Template::compile("{json.id}", {});
  REQUIRE_FALSE(fault_of(compiled));
  Looked page(kHtml);
  std::string text;
  const auto error = std::get<Template>(compiled).expand(page.view, text);
  REQUIRE(error);
  CHECK(error->message == kError);
  Looked cut("{\"id\":9007199254740993}");
  CHECK_FALSE(std::get<Template>(compiled).expand(cut.view, text));
  CHECK(text == "9007199254740993");
}
