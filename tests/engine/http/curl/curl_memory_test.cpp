#include "engine/http/curl/curl_memory.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <thread>

using namespace leat::http;

TEST_CASE("curl memory: random blocks keep what is written into them until they are freed") {
  std::mt19937 random(3);
  std::map<char*, std::string> blocks;
  for (int i = 0; i < 20'000; ++i) {
    if (blocks.empty() || random() % 3 != 0) {
      const std::string content(random() % (i % 50 == 0 ? 70'000 : 300),
                                static_cast<char>('a' + random() % 26));
      auto* block = static_cast<char*>(curl_memory_malloc(content.size()));
      REQUIRE(block != nullptr);
      CHECK(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t) == 0);
      std::memcpy(block, content.data(), content.size());
      REQUIRE(blocks.emplace(block, content).second);
    } else {
      auto found =
          blocks.lower_bound(std::next(blocks.begin(), static_cast<long>(random() % blocks.size()))->first);
      char* block = found->first;
      std::string content = found->second;
      blocks.erase(found);
      CHECK(std::memcmp(block, content.data(), content.size()) == 0);
      if (random() % 2 == 0) {
        content.resize(random() % 1000, 'z');
        block = static_cast<char*>(curl_memory_realloc(block, content.size()));
        const std::size_t kept = content.find('z') == std::string::npos ? content.size() : content.find('z');
        CHECK(std::memcmp(block, content.data(), kept) == 0);
      }
      curl_memory_free(block);
    }
  }
  for (const auto& [block, content] : blocks) curl_memory_free(block);
}

TEST_CASE("curl memory: zeroed blocks, copies of texts and impossible sizes are handled") {
  auto* zeros = static_cast<char*>(curl_memory_calloc(100, 7));
  CHECK(std::string(zeros, 700) == std::string(700, '\0'));
  curl_memory_free(zeros);
  char* copy = curl_memory_strdup("leat");
  CHECK(std::string(copy) == "leat");
  curl_memory_free(copy);
  curl_memory_free(curl_memory_realloc(nullptr, 10));
  curl_memory_free(nullptr);
  constexpr auto kMost = std::numeric_limits<std::size_t>::max();
  CHECK(curl_memory_malloc(kMost) == nullptr);
#ifndef LEAT_SANITIZED  // which would end the program there
  CHECK(curl_memory_malloc(kMost / 2) == nullptr);
#endif
  CHECK(curl_memory_calloc(kMost / 2, 3) == nullptr);
}

TEST_CASE("curl memory: a block may be freed on another thread than the one that it came from") {
  void* block = nullptr;
  std::thread([&block] { block = curl_memory_malloc(64); }).join();
  REQUIRE(block != nullptr);
  curl_memory_free(block);
}
