// Throws any bytes at what reads lists, sums, templates, recordings, event streams and the tags of pages; a
// binary for each kind. For example:
//
//     cmake --preset asan -B build/fuzz -DLEAT_FUZZ=ON && cmake --build build/fuzz --target tables_fuzz
//     build/fuzz/tests/fuzz/tables_fuzz -max_total_time=600 /tmp/found tests/fuzz/corpus/tables
//
// What it finds and what widens its coverage goes into that corpus, which a test replays:
// tests/pipelines/input_corpus_test.cpp.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/pipelines/input_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto broken = leat::pipelines::input_test::broken_promise(LEAT_FUZZED, text);
  if (broken.empty()) return 0;
  std::fprintf(stderr, "%s\n", broken.c_str());
  std::abort();
}
