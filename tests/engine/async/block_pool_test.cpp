#include "engine/async/block_pool.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

using leat::async::allocate_block;
using leat::async::free_block;

TEST_CASE("block pool: no two living blocks share a byte, whatever their sizes") {
  std::mt19937 random(3);
  std::vector<std::pair<unsigned char*, std::size_t>> living;
  for (int i = 0; i < 20'000; ++i) {
    if (living.size() < 500 || random() % 2 == 0) {
      const std::size_t size = 1 + random() % (i % 100 == 0 ? 150'000 : 5000);
      auto* block = static_cast<unsigned char*>(allocate_block(size));
      CHECK(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t) == 0);
      std::memset(block, static_cast<int>(size % 251), size);
      living.emplace_back(block, size);
    } else {
      const std::size_t at = random() % living.size();
      auto [block, size] = living[at];
      bool whole = true;
      for (std::size_t k = 0; k < size; ++k) whole = whole && block[k] == size % 251;
      REQUIRE(whole);
      free_block(block, size);
      living[at] = living.back();
      living.pop_back();
    }
  }
  for (auto [block, size] : living) free_block(block, size);
}

TEST_CASE(
    "block pool: a block may be freed on another thread, and a thread's free blocks are released when it "
    "ends") {
  std::vector<void*> blocks;
  for (int i = 0; i < 100; ++i) blocks.push_back(allocate_block(200));
  std::thread([&] {
    for (void* block : blocks) free_block(block, 200);
    for (void*& block : blocks) block = allocate_block(200);
  }).join();
  CHECK(std::set<void*>(blocks.begin(), blocks.end()).size() == 100);
  for (void* block : blocks) free_block(block, 200);
}
