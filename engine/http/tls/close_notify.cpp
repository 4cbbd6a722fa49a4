#include "engine/http/tls/close_notify.hpp"

#include <openssl/ssl.h>

#include "engine/http/tls/openssl_connection.hpp"

namespace leat::http {

namespace {

// Gives the place where a connection keeps its CloseNotify; libcurl uses places of its own.
int place() noexcept {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

void CloseNotify::Release::operator()(ssl_st* connection) const noexcept {
  SSL_set_info_callback(connection, nullptr);
  SSL_set_ex_data(connection, place(), nullptr);
  SSL_free(connection);
}

bool CloseNotify::has_come(CURL* easy) noexcept {
  const SSL* const connection = openssl_connection(easy);
  return connection != nullptr && (SSL_get_shutdown(connection) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void CloseNotify::watch(CURL* easy) noexcept {
  forget();
  SSL* const connection = openssl_connection(easy);
  if (connection == nullptr) return;
  if (place() < 0 || SSL_set_ex_data(connection, place(), this) != 1) return;
  SSL_up_ref(connection);
  connection_.reset(connection);
  // It may have come in the same read as the head.
  has_come_ = (SSL_get_shutdown(connection) & SSL_RECEIVED_SHUTDOWN) != 0;
  SSL_set_info_callback(connection, &CloseNotify::on_info);
}

void CloseNotify::forget() noexcept {
  connection_.reset();
  has_come_ = false;
}

void CloseNotify::on_info(const ssl_st* connection, int where, int value) {
  if (where != SSL_CB_READ_ALERT || (value & 0xff) != SSL_AD_CLOSE_NOTIFY) return;
  if (auto* const self = static_cast<CloseNotify*>(SSL_get_ex_data(connection, place())); self != nullptr) {
    self->has_come_ = true;
  }
}

}  // namespace leat::http
