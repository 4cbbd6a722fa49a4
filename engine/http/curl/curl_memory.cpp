#include "engine/http/curl/curl_memory.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

#include "engine/async/block_pool.hpp"

namespace leat::http {

namespace {

// Stands before each block, since libcurl frees without saying how large the block was.
struct alignas(std::max_align_t) Header {
  std::size_t size;  // without this
};

Header& header_of(void* block) noexcept { return static_cast<Header*>(block)[-1]; }

}  // namespace

void* curl_memory_malloc(std::size_t size) noexcept {
  if (size > std::numeric_limits<std::size_t>::max() - sizeof(Header)) return nullptr;
  try {
    return new (async::allocate_block(sizeof(Header) + size)) Header{size} + 1;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void* curl_memory_calloc(std::size_t count, std::size_t size) noexcept {
  if (size != 0 && count > std::numeric_limits<std::size_t>::max() / size) return nullptr;
  void* const block = curl_memory_malloc(count * size);
  return block == nullptr ? nullptr : std::memset(block, 0, count * size);
}

void* curl_memory_realloc(void* block, std::size_t size) noexcept {
  if (block == nullptr) return curl_memory_malloc(size);
  const std::size_t before = header_of(block).size;
  void* const larger = curl_memory_malloc(size);
  if (larger == nullptr) return nullptr;
  std::memcpy(larger, block, std::min(before, size));
  curl_memory_free(block);
  return larger;
}

char* curl_memory_strdup(const char* text) noexcept {
  const std::size_t size = std::strlen(text) + 1;
  void* const block = curl_memory_malloc(size);
  return block == nullptr ? nullptr : static_cast<char*>(std::memcpy(block, text, size));
}

void curl_memory_free(void* block) noexcept {
  if (block == nullptr) return;
  Header& header = header_of(block);
  async::free_block(&header, sizeof(Header) + header.size);
}

}  // namespace leat::http
