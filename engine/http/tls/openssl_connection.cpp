#include "engine/http/tls/openssl_connection.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string_view>

namespace leat::http {

namespace {

struct BioMethodDeleter {
  void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};
using BioMethodPtr = std::unique_ptr<BIO_METHOD, BioMethodDeleter>;

int fd_of(BIO* bio) noexcept { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool may_try_again() noexcept { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int read_socket(BIO* bio, char* buffer, int size) noexcept {
  BIO_clear_retry_flags(bio);
  const ssize_t count = ::recv(fd_of(bio), buffer, static_cast<std::size_t>(size), 0);
  if (count < 0 && may_try_again()) BIO_set_retry_read(bio);
  if (count == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(count);
}

// BIO_s_socket has no MSG_NOSIGNAL.
int write_socket(BIO* bio, const char* bytes, int size) noexcept {
  BIO_clear_retry_flags(bio);
  const ssize_t count = ::send(fd_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (count < 0 && may_try_again()) BIO_set_retry_write(bio);
  return static_cast<int>(count);
}

long control_socket(BIO* bio, int command, long, void*) noexcept {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BioMethodPtr make_socket_method() noexcept {
  BioMethodPtr method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket"));
  if (!method || BIO_meth_set_read(method.get(), read_socket) != 1 ||
      BIO_meth_set_write(method.get(), write_socket) != 1 ||
      BIO_meth_set_ctrl(method.get(), control_socket) != 1) {
    return nullptr;
  }
  return method;
}

}  // namespace

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

std::string agreed_protocol(const SSL* connection) {
  if (connection == nullptr) return "";
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(connection, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool put_on_socket(SSL* connection, int fd) noexcept {
  static const BioMethodPtr method = make_socket_method();
  BIO* const bio = method ? BIO_new(method.get()) : nullptr;
  if (bio == nullptr) return false;
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  SSL_set_bio(connection, bio, bio);
  SSL_set_read_ahead(connection, 1);  // a record's head and body by one system call instead of two
  return true;
}

}  // namespace leat::http
