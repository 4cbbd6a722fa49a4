#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <string_view>

#include "pipelines/expr/native_program.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string outputs_of(std::string_view text, std::string_view input) {
  const auto program = NativeProgram::compile(text);
  REQUIRE(program);
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(input));
  NativeProgram::Scratch scratch;
  std::string out;
  const auto put = [&](std::string_view shown) { out += (out.empty() ? "" : " ") + std::string(shown); };
  const auto error = program->run(doc.root(), scratch, [&](JsonValue value) { put(value.compact()); });
  if (error) put("error: " + error->message);
  return out;
}

}  // namespace

TEST_CASE("NativeProgram: numbers keep their digits through every construct") {
  std::ifstream table(LEAT_SOURCE_DIR "/tests/pipelines/expr/numbers.tsv");
  REQUIRE(table.is_open());
  int rows = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with('#')) continue;
    CAPTURE(line);
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    REQUIRE(second != std::string::npos);
    const std::string_view all(line);
    CHECK(outputs_of(all.substr(0, first), all.substr(first + 1, second - first - 1)) ==
          all.substr(second + 1));
    ++rows;
  }
  CHECK(rows > 500);
}
