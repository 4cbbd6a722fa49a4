#pragma once

#include <curl/curl.h>

#include <memory>

struct ssl_st;

namespace leat::http {

/// Knows whether the other side of a TLS connection has said that it sends no more (close_notify; RFC 8446,
/// 6.1).
///
/// libcurl takes the end of a TCP connection for the end of a body that has no length, though anybody on the
/// way can cause that; RFC 9112, 9.8, says that such a body is incomplete. Loop thread only.
class CloseNotify {
 public:
  CloseNotify() noexcept = default;
  CloseNotify(const CloseNotify&) = delete;
  CloseNotify& operator=(const CloseNotify&) = delete;
  ~CloseNotify() { forget(); }

  /// Watches the connection that `easy` has now; must be called from one of its callbacks. Does nothing
  /// without OpenSSL or if nothing is encrypted.
  void watch(CURL* easy) noexcept;
  void forget() noexcept;

  /// Says whether it has come over the connection that `easy` has now. Gives false if nothing is encrypted.
  [[nodiscard]] static bool has_come(CURL* easy) noexcept;

  [[nodiscard]] bool is_watching() const noexcept { return connection_ != nullptr; }
  [[nodiscard]] bool has_come() const noexcept { return has_come_; }

 private:
  struct Release {
    void operator()(ssl_st* connection) const noexcept;
  };
  static void on_info(const ssl_st* connection, int where, int value);

  // A reference is held, because libcurl may let go of the connection before it says that the transfer has
  // ended.
  std::unique_ptr<ssl_st, Release> connection_;
  bool has_come_ = false;
};

}  // namespace leat::http
