#pragma once

#include <cstddef>

namespace leat::async {

/// Memory for objects that come and go by the thousand a second: coroutine frames, task states, records.
///
/// Freed blocks are kept by size for the next one of that size, on each thread apart; a block may be freed on
/// another thread than it came from. malloc's own cache keeps seven of a size, and beyond that splits and
/// joins: measured, a tenth of a request's time at 64 at once. How much is kept is bounded. With a sanitizer
/// every block is malloc's. Throws std::bad_alloc.
[[nodiscard]] void* allocate_block(std::size_t size);
/// `size` as it was allocated.
void free_block(void* block, std::size_t size) noexcept;

/// Gives the classes that derive from it their memory from the pool.
struct Pooled {
  static void* operator new(std::size_t size) { return allocate_block(size); }
  static void operator delete(void* block, std::size_t size) noexcept { free_block(block, size); }
};

}  // namespace leat::async
