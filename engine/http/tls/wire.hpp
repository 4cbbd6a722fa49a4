#pragma once

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/io/fd.hpp"

namespace leat::http {

class ConnectHandle;

/// Gives a connection that libcurl encrypts back to the Connector that made it.
struct ConnectHandleDeleter {
  void operator()(ConnectHandle* handle) const noexcept;
};
using ConnectHandlePtr = std::unique_ptr<ConnectHandle, ConnectHandleDeleter>;

/// A connection that a Connector made, for who speaks over it himself.
///
/// Without TLS it is the bare socket, since curl_easy_recv looks its connection up among all of a multi
/// handle each time; with TLS libcurl encrypts. Never blocks. Whoever watches the descriptor must go on
/// receiving until kAgain if he waits for more: TLS may hold bytes back that no poll tells of. Loop thread
/// only; destroyed before its Connector. Closes when destroyed.
class Wire {
 public:
  static constexpr long kAgain = -1;   // nothing goes now
  static constexpr long kBroken = -2;  // reset, or no TLS any more
  static constexpr long kCut = -3;     // ended, and TLS has not said so: anybody may have done that

  Wire() noexcept = default;
  explicit Wire(io::Fd fd) noexcept : plain_(std::move(fd)), fd_(plain_.get()) {}
  Wire(ConnectHandlePtr handle, int fd) noexcept : tls_(std::move(handle)), fd_(fd) {}
  Wire(Wire&& other) noexcept
      : plain_(std::move(other.plain_)), tls_(std::move(other.tls_)), fd_(std::exchange(other.fd_, -1)) {}
  Wire& operator=(Wire&& other) noexcept {
    plain_ = std::move(other.plain_);
    tls_ = std::move(other.tls_);
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }

  explicit operator bool() const noexcept { return fd_ >= 0; }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool is_plain() const noexcept { return tls_ == nullptr; }

  /// Has the kernel note when bytes arrive (SO_TIMESTAMPNS, socket(7)), for `receive_stamped`; Linux begins
  /// with it some milliseconds after the first socket has asked. Does nothing for TLS, whose records libcurl
  /// reads.
  void stamp_arrivals() noexcept;

  /// How many bytes went, or kAgain, kBroken.
  [[nodiscard]] long send(std::string_view bytes) noexcept {
    if (tls_) return send_encrypted(bytes);
    return outcome(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  /// How many bytes came, 0 at the end, or kAgain, kBroken, kCut.
  [[nodiscard]] long receive(char* buffer, std::size_t size) noexcept {
    if (tls_) return receive_encrypted(buffer, size);
    return outcome(::recv(fd_, buffer, size, 0));
  }
  /// Of a connection that waits for no answer: nothing has come, nor its end. What has come would stand in
  /// front of the next answer (RFC 9112, 9.2), and is lost by this call.
  [[nodiscard]] bool is_silent() noexcept {
    char byte = 0;
    return receive(&byte, 1) == kAgain;
  }
  /// As `receive`; `arrived` is when the kernel had the last of those bytes, by CLOCK_REALTIME, however long
  /// they lay there since. Nothing where that isn't known: TLS, Unix sockets, a kernel without it.
  [[nodiscard]] long receive_stamped(char* buffer, std::size_t size,
                                     std::optional<std::chrono::nanoseconds>& arrived) noexcept;

 private:
  [[nodiscard]] static long outcome(long result) noexcept {
    if (result >= 0) return result;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? kAgain : kBroken;
  }
  long send_encrypted(std::string_view bytes) noexcept;
  long receive_encrypted(char* buffer, std::size_t size) noexcept;

  io::Fd plain_;
  ConnectHandlePtr tls_;
  int fd_ = -1;
};

}  // namespace leat::http
