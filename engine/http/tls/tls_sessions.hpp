#pragma once

#include <map>
#include <memory>
#include <string>

struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

namespace leat::http {

/// The newest TLS session of each server, which new connections go on with if the server allows it (RFC 8446,
/// 2.2; RFC 5077).
///
/// libcurl keeps sessions, too, but by TLS 1.3 they come after the handshake: then it no longer listens on a
/// connection that somebody else reads; and it asks for no tickets by TLS 1.2. Loop thread only. It outlives
/// the connections.
class TlsSessions {
 public:
  /// Has connections of that context go on with the server's session, and keep the ones that it gives them.
  /// Called before they are made, and before anything else sets the context's callbacks for these.
  void attach(ssl_ctx_st* context, const std::string& server);

 private:
  struct Free {
    void operator()(ssl_session_st* session) const noexcept;
  };
  using Newest = std::unique_ptr<ssl_session_st, Free>;

  static int context_index() noexcept;
  static Newest* newest_of(const ssl_st* connection) noexcept;
  static int on_new_session(ssl_st* connection, ssl_session_st* session) noexcept;
  static void on_progress(const ssl_st* connection, int where, int result) noexcept;

  std::map<std::string, Newest> all_;
};

}  // namespace leat::http
