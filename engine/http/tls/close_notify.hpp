#pragma once

#include <curl/curl.h>

#include <memory>

struct ssl_st;

namespace leat::http {

/// Whether the other side of a TLS connection has said that it sends no more (close_notify; RFC 8446, 6.1).
///
/// To libcurl the end of a TCP connection is the end of a body that has no length, though anybody on the way
/// can bring that about; RFC 9112, 9.8, has such a body be incomplete. Loop thread only.
class CloseNotify {
 public:
  CloseNotify() noexcept = default;
  CloseNotify(const CloseNotify&) = delete;
  CloseNotify& operator=(const CloseNotify&) = delete;
  ~CloseNotify() { forget(); }

  /// Watches the connection that `easy` has now: called from one of its callbacks. Without OpenSSL, or where
  /// nothing is encrypted, it does nothing.
  void watch(CURL* easy) noexcept;
  void forget() noexcept;

  /// Whether it has come over the connection that `easy` has now. False where nothing is encrypted.
  [[nodiscard]] static bool has_come(CURL* easy) noexcept;

  [[nodiscard]] bool is_watching() const noexcept { return connection_ != nullptr; }
  [[nodiscard]] bool has_come() const noexcept { return has_come_; }

 private:
  struct Release {
    void operator()(ssl_st* connection) const noexcept;
  };
  static ssl_st* connection_of(CURL* easy) noexcept;
  static void on_info(const ssl_st* connection, int where, int value);

  // Held, since libcurl lets go of it before it says that the transfer has ended, or only later.
  std::unique_ptr<ssl_st, Release> connection_;
  bool has_come_ = false;
};

}  // namespace leat::http
