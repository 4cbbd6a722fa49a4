#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/pipelines/spec/spec_properties.hpp"

using namespace leat::pipelines::spec_test;

TEST_CASE("Fuzzing's corpus: every promise holds for each of its texts") {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(LEAT_SOURCE_DIR "/tests/fuzz/corpus/spec")) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    CAPTURE(entry.path().string());
    CHECK(broken_promise(text, fuzz_world()) == "");
    ++count;
  }
  CHECK(count >= 20);
}
