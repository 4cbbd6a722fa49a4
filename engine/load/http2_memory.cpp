#include "engine/load/http2_memory.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <new>

#include "engine/async/block_pool.hpp"

namespace leat::load {

namespace {

/// Stands before each block, because nghttp2 does not say how large it is when it gives it back.
struct alignas(std::max_align_t) Head {
  std::size_t size;
};

void* allocate(std::size_t size, void*) noexcept {
  if (size > std::numeric_limits<std::size_t>::max() - sizeof(Head)) return nullptr;
  try {
    return new (async::allocate_block(sizeof(Head) + size)) Head{size} + 1;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

Head* head_of(void* block) noexcept { return static_cast<Head*>(block) - 1; }

void release(void* block, void*) noexcept {
  if (block != nullptr) async::free_block(head_of(block), sizeof(Head) + head_of(block)->size);
}

void* allocate_zeroed(std::size_t count, std::size_t size, void* pool) noexcept {
  if (size != 0 && count > std::numeric_limits<std::size_t>::max() / size) return nullptr;
  void* const block = allocate(count * size, pool);
  return block == nullptr ? nullptr : std::memset(block, 0, count * size);
}

void* reallocate(void* block, std::size_t size, void* pool) noexcept {
  if (block == nullptr) return allocate(size, pool);
  void* const larger = allocate(size, pool);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, block, std::min(size, head_of(block)->size));
  release(block, pool);
  return larger;
}

}  // namespace

nghttp2_mem* pooled_memory() noexcept {
  static nghttp2_mem memory{nullptr, allocate, release, allocate_zeroed, reallocate};
  return &memory;
}

}  // namespace leat::load
