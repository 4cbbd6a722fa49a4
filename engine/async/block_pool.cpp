#include "engine/async/block_pool.hpp"

#include <array>
#include <cstdint>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LEAT_POOL_BLOCKS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define LEAT_POOL_BLOCKS 0
#endif
#endif
#ifndef LEAT_POOL_BLOCKS
#define LEAT_POOL_BLOCKS 1
#endif

namespace leat::async {

#if LEAT_POOL_BLOCKS

namespace {

constexpr std::size_t kStep = 16;     // step from one size to the next in bytes, as malloc has it
constexpr std::size_t kFirst = 8;     // the smallest size that malloc gives
constexpr std::size_t kSmall = 4096;  // beyond this the steps are coarser and fewer blocks are kept
constexpr std::size_t kCoarseStep = 4096;
constexpr std::size_t kLargest = 131072;  // what is larger comes from malloc, which asks the system for it
constexpr std::size_t kSmallShelves = kSmall / kStep + 1;
constexpr std::uint32_t kMostSmall = 2048;  // blocks kept of each size
constexpr std::uint32_t kMostLarge = 64;

struct Block {
  Block* next;
};

struct Shelf {
  Block* first = nullptr;
  std::uint32_t count = 0;
};

struct Shelves {
  std::array<Shelf, kSmallShelves + kLargest / kCoarseStep> by_size;
  bool closed = false;  // the thread is ending: nothing is kept any more
};

// It has neither constructor nor destructor, so that an access to it needs no guard.
thread_local constinit Shelves shelves{};

// Empties the shelves when the thread ends.
struct Cleaner {
  Cleaner() noexcept {}
  ~Cleaner() {
    shelves.closed = true;
    for (Shelf& shelf : shelves.by_size) {
      while (Block* block = shelf.first) {
        shelf.first = block->next;
        ::operator delete(block);
      }
    }
  }
  void touch() noexcept {}
};

// The sizes are 8, 24, 40, … 4104, because malloc's header takes the other 8 bytes of a step; then they are
// 8192, 12288, …
constexpr std::size_t shelf_of(std::size_t size) noexcept {
  return size <= kSmall ? (size + kStep - 1 - kFirst) / kStep : kSmallShelves + (size - 1) / kCoarseStep;
}
constexpr std::size_t size_on(std::size_t shelf) noexcept {
  return shelf < kSmallShelves ? shelf * kStep + kFirst : (shelf - kSmallShelves + 1) * kCoarseStep;
}

void* allocate_new(std::size_t size) {
  thread_local Cleaner cleaner;
  cleaner.touch();
  return ::operator new(size_on(shelf_of(size)));
}

}  // namespace

void* allocate_block(std::size_t size) {
  if (size > kLargest) return ::operator new(size);
  Shelf& shelf = shelves.by_size[shelf_of(size)];
  if (shelf.first == nullptr) return allocate_new(size);
  --shelf.count;
  Block* const block = shelf.first;
  shelf.first = block->next;
  return block;
}

void free_block(void* memory, std::size_t size) noexcept {
  if (size > kLargest || shelves.closed) return ::operator delete(memory);
  Shelf& shelf = shelves.by_size[shelf_of(size)];
  if (shelf.count >= (size <= kSmall ? kMostSmall : kMostLarge)) return ::operator delete(memory);
  ++shelf.count;
  shelf.first = new (memory) Block{shelf.first};
}

#else

void* allocate_block(std::size_t size) { return ::operator new(size); }
void free_block(void* memory, std::size_t) noexcept { ::operator delete(memory); }

#endif

}  // namespace leat::async
