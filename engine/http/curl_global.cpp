#include "engine/http/curl_global.hpp"

#include <curl/curl.h>

#include <stdexcept>

namespace leat::http {

void ensure_curl_global() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
}

}  // namespace leat::http
