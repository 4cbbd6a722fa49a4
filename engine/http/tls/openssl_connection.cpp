#include "engine/http/tls/openssl_connection.hpp"

#include <openssl/ssl.h>

#include <string_view>

namespace leat::http {

ssl_st* openssl_connection(CURL* easy) noexcept {
  curl_tlssessioninfo* info = nullptr;
  if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || info == nullptr) return nullptr;
  return info->backend == CURLSSLBACKEND_OPENSSL ? static_cast<SSL*>(info->internals) : nullptr;
}

void offer_http2(SSL_CTX* context) noexcept {
  constexpr std::string_view kProtocols = "\x02h2\x08http/1.1";  // each with its length
  SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(kProtocols.data()),
                          kProtocols.size());
}

std::string agreed_protocol(CURL* easy) {
  const SSL* const connection = openssl_connection(easy);
  if (connection == nullptr) return "";
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(connection, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

}  // namespace leat::http
