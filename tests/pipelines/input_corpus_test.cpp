#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/pipelines/input_properties.hpp"

using namespace leat::pipelines::input_test;

TEST_CASE("Fuzzing's corpora: every promise holds for each list, table, sum, template and recording") {
  for (const std::string kind : kKinds) {
    std::size_t count = 0;
    const std::string folder = LEAT_SOURCE_DIR "/tests/fuzz/corpus/" + kind;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      CAPTURE(entry.path().string());
      CHECK(broken_promise(kind, text) == "");
      ++count;
    }
    CAPTURE(kind);
    CHECK(count >= 8);
  }
}
