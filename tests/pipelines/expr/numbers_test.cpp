#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <string>
#include <string_view>

#include "pipelines/expr/jq_program.hpp"
#include "pipelines/expr/native_program.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

constexpr std::string_view kRefused = "refused ";

std::string with_blank(std::string out, std::string_view shown) {
  return (out.empty() ? "" : out + " ").append(shown);
}

std::string outputs_of(const NativeProgram& program, std::string_view input) {
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(input));
  NativeProgram::Scratch scratch;
  std::string out;
  const auto error = program.run(doc.root(), scratch,
                                 [&](JsonValue value) { out = with_blank(std::move(out), value.compact()); });
  return error ? with_blank(std::move(out), "error: " + error->message) : out;
}

class Outputs final : public JqProgram::Outputs {
 public:
  bool add(std::string_view json) override {
    all = with_blank(std::move(all), json);
    return true;
  }
  std::string all;
};

// Says whether two lists of values are the same numbers, however they are written.
bool are_equal(const std::string& a, const std::string& b) {
  const auto as_array = [](std::string list) {
    for (auto& c : list) c = c == ' ' ? ',' : c;
    return "[" + list + "]";
  };
  JsonDoc left;
  JsonDoc right;
  return !left.parse(as_array(a)) && !right.parse(as_array(b)) && left.root() == right.root();
}

void check_by_libjq(const std::string& program, std::string_view input, const std::string& expected) {
  auto compiled = JqProgram::compile(program);
  REQUIRE(compiled.ok());
  Outputs outputs;
  const auto error = compiled->eval(input, outputs);
  if (!expected.starts_with(kRefused)) {
    CHECK_FALSE(error);
    CHECK_MESSAGE(are_equal(outputs.all, expected), outputs.all);
    return;
  }
  const auto refusal = JqProgram::would_change(std::string_view(expected).substr(kRefused.size()));
  CHECK((error && error->message == refusal) != JqProgram::keeps_digits());
}

}  // namespace

TEST_CASE(
    "numbers: they keep their digits through every construct, or the program is refused and the number is "
    "named") {
  std::ifstream table(LEAT_SOURCE_DIR "/tests/pipelines/expr/numbers.tsv");
  REQUIRE(table.is_open());
  std::set<std::string> rows;
  int refused = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with('#')) continue;
    CAPTURE(line);
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    REQUIRE(second != std::string::npos);
    const auto text = line.substr(0, first);
    const auto input = line.substr(first + 1, second - first - 1);
    const auto expected = line.substr(second + 1);
    if (const auto program = NativeProgram::compile(text)) {
      CHECK(outputs_of(*program, input) == expected);
    } else {
      check_by_libjq(text, input, expected);
    }
    refused += expected.starts_with(kRefused) ? 1 : 0;
    CHECK_MESSAGE(rows.insert(line).second, "twice");
  }
  CHECK(rows.size() > 800);
  CHECK(refused > 50);
}
