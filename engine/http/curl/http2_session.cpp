#include "engine/http/curl/http2_session.hpp"

#include <openssl/ssl.h>

#include <charconv>
#include <string_view>

namespace leat::http {

bool has_agreed_on_http2(CURL* handle) noexcept {
  const curl_tlssessioninfo* session = nullptr;
  if (curl_easy_getinfo(handle, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK) return false;
  if (session == nullptr || session->backend != CURLSSLBACKEND_OPENSSL || session->internals == nullptr)
    return false;
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(static_cast<const SSL*>(session->internals), &name, &size);
  return std::string_view(reinterpret_cast<const char*>(name), size) == "h2";
}

int http2_status(CURL* handle) noexcept {
  curl_header* field = nullptr;
  int status = 0;
  if (curl_easy_header(handle, ":status", 0, CURLH_PSEUDO, -1, &field) == CURLHE_OK) {
    const std::string_view value = field->value;
    std::from_chars(value.data(), value.data() + value.size(), status);
  }
  return status;
}

}  // namespace leat::http
