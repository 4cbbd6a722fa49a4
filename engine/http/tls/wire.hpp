#pragma once

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/io/fd.hpp"

struct ssl_st;

namespace leat::http {

class ConnectHandle;

/// Gives a connection that libcurl encrypts back to the Connector that made it.
struct ConnectHandleDeleter {
  void operator()(ConnectHandle* handle) const noexcept;
};
using ConnectHandlePtr = std::unique_ptr<ConnectHandle, ConnectHandleDeleter>;

/// A connection that a Connector made, for those who speak over it themselves.
///
/// Without TLS it is the bare socket. With TLS, OpenSSL reads and writes the socket itself once libcurl has
/// made the connection, because curl_easy_recv looks it up each time among all of a multi handle, which costs
/// a third of what decrypting a small answer does. Only through a proxy that is spoken to by TLS, too,
/// libcurl goes on. It never blocks. Whoever watches the descriptor for more must first receive until kAgain,
/// because TLS may hold bytes that no poll reports. Loop thread only. Must be destroyed before its Connector.
/// Its destructor closes it.
class Wire {
 public:
  static constexpr long kAgain = -1;   // nothing can be sent or received now
  static constexpr long kBroken = -2;  // the connection was reset, or its TLS is broken
  static constexpr long kCut = -3;     // it ended and TLS did not say so: anybody may have done that

  Wire() noexcept = default;
  explicit Wire(io::Fd fd) noexcept : plain_(std::move(fd)), fd_(plain_.get()) {}
  /// `easy` is the handle's of libcurl. `tls` is OpenSSL's side if nothing stands between it and the socket,
  /// and else null.
  Wire(ConnectHandlePtr handle, void* easy, ssl_st* tls, int fd) noexcept;
  Wire(Wire&& other) noexcept
      : plain_(std::move(other.plain_)),
        tls_(std::move(other.tls_)),
        easy_(std::exchange(other.easy_, nullptr)),
        direct_(std::exchange(other.direct_, nullptr)),
        fd_(std::exchange(other.fd_, -1)) {}
  Wire& operator=(Wire&& other) noexcept {
    plain_ = std::move(other.plain_);
    tls_ = std::move(other.tls_);
    easy_ = std::exchange(other.easy_, nullptr);
    direct_ = std::exchange(other.direct_, nullptr);
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }

  explicit operator bool() const noexcept { return fd_ >= 0; }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool is_plain() const noexcept { return tls_ == nullptr; }

  /// Asks the kernel to note when bytes arrive (SO_TIMESTAMPNS, socket(7)), for `receive_stamped`. Linux
  /// begins with it some milliseconds after the first socket has asked. Does nothing for TLS, because libcurl
  /// reads its records.
  void stamp_arrivals() noexcept;

  /// Gives how many bytes were sent, or kAgain or kBroken.
  [[nodiscard]] long send(std::string_view bytes) noexcept {
    if (tls_) return send_encrypted(bytes);
    return outcome(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  /// Gives how many bytes came, 0 at the end, or kAgain, kBroken or kCut.
  [[nodiscard]] long receive(char* buffer, std::size_t size) noexcept {
    if (tls_) return receive_encrypted(buffer, size);
    return outcome(::recv(fd_, buffer, size, 0));
  }
  /// Says with which fatal alert of TLS the server has just ended the connection, in OpenSSL's words; empty
  /// if there was none, or if libcurl has read it. Valid right after a call that gave kBroken.
  [[nodiscard]] std::string why_alerted() const;
  /// For a connection that waits for no answer: says that neither bytes nor its end have come. What has come
  /// would stand before the next answer (RFC 9112, 9.2); this call loses it.
  [[nodiscard]] bool is_silent() noexcept {
    char byte = 0;
    return receive(&byte, 1) == kAgain;
  }
  /// Does what `receive` does. `arrived` is when the kernel got the last of those bytes, by CLOCK_REALTIME,
  /// however long they have lain there; it is empty where that isn't known: with TLS, Unix sockets, or a
  /// kernel without it.
  [[nodiscard]] long receive_stamped(char* buffer, std::size_t size,
                                     std::optional<std::chrono::nanoseconds>& arrived) noexcept;

 private:
  [[nodiscard]] static long outcome(long result) noexcept {
    if (result >= 0) return result;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? kAgain : kBroken;
  }
  long send_encrypted(std::string_view bytes) noexcept;
  long receive_encrypted(char* buffer, std::size_t size) noexcept;
  long receive_directly(char* buffer, std::size_t size) noexcept;

  io::Fd plain_;
  ConnectHandlePtr tls_;
  void* easy_ = nullptr;
  ssl_st* direct_ = nullptr;  // belongs to libcurl's connection
  int fd_ = -1;
};

}  // namespace leat::http
