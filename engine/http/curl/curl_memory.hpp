#pragma once

#include <cstddef>

namespace leat::http {

/// What libcurl allocates with, from async::allocate_block: it makes and frees some thirty small blocks for
/// each request, more of a size at a time than malloc's cache keeps. For curl_global_init_mem; any thread.
/// They have malloc's meaning, and give null where there is no memory.
void* curl_memory_malloc(std::size_t size) noexcept;
void* curl_memory_calloc(std::size_t count, std::size_t size) noexcept;
void* curl_memory_realloc(void* block, std::size_t size) noexcept;
char* curl_memory_strdup(const char* text) noexcept;
void curl_memory_free(void* block) noexcept;

}  // namespace leat::http
