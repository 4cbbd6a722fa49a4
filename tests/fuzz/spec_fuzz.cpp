// Throws any text at the pipeline language. For example:
//
//     cmake --preset asan -B build/fuzz -DLEAT_FUZZ=ON && cmake --build build/fuzz --target spec_fuzz
//     build/fuzz/tests/fuzz/spec_fuzz -max_total_time=600 /tmp/found tests/fuzz/corpus/spec
//
// What it finds and what widens its coverage goes into that corpus, which a test replays:
// tests/pipelines/spec/corpus_test.cpp.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/pipelines/spec/spec_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leat::pipelines::spec_test;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto broken = broken_promise(text, fuzz_world());
  if (broken.empty()) return 0;
  std::fprintf(stderr, "%s\n", broken.c_str());
  std::abort();
}
