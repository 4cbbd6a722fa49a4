#include "engine/http/curl_global.hpp"

#include <curl/curl.h>

#include <stdexcept>

#include "engine/http/curl_memory.hpp"

namespace leat::http {

void ensure_curl_global() {
  static const CURLcode code =
      curl_global_init_mem(CURL_GLOBAL_DEFAULT, curl_memory_malloc, curl_memory_free, curl_memory_realloc,
                           curl_memory_strdup, curl_memory_calloc);
  if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
}

}  // namespace leat::http
