#include "engine/http/tls/tls_sessions.hpp"

#include <openssl/ssl.h>

namespace leat::http {

void TlsSessions::Free::operator()(ssl_session_st* session) const noexcept { SSL_SESSION_free(session); }

int TlsSessions::context_index() noexcept {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

TlsSessions::Newest* TlsSessions::newest_of(const ssl_st* connection) noexcept {
  return static_cast<Newest*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), context_index()));
}

// Connections get copies of what is kept, and what is kept is a copy, because OpenSSL marks a session as bad
// whose connection is not closed as it should be. libcurl 8.14 closes so.
int TlsSessions::on_new_session(ssl_st* connection, ssl_session_st* session) noexcept {
  Newest* const newest = newest_of(connection);
  if (newest != nullptr) newest->reset(SSL_SESSION_dup(session));
  return 0;  // the session itself stays OpenSSL's
}

// libcurl has no place between making a connection's SSL and its handshake.
void TlsSessions::on_progress(const ssl_st* connection, int where, int) noexcept {
  if (where != SSL_CB_HANDSHAKE_START) return;
  const Newest* const newest = newest_of(connection);
  if (newest == nullptr || !*newest) return;
  const Newest copy(SSL_SESSION_dup(newest->get()));
  if (copy) SSL_set_session(const_cast<ssl_st*>(connection), copy.get());
}

void TlsSessions::attach(ssl_ctx_st* context, const std::string& server) {
  if (SSL_CTX_set_ex_data(context, context_index(), &all_[server]) != 1) return;
  SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, &TlsSessions::on_new_session);
  SSL_CTX_set_info_callback(context, &TlsSessions::on_progress);
}

}  // namespace leat::http
