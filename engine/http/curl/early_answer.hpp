#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leat::http {

/// What a server had answered when it closed a connection over which the rest of a request was still to go.
///
/// A server may answer the head alone (401, 413) and close while a body is unread; then the system sends a
/// reset, and sending the rest fails. libcurl gives up then and closes the socket, though it has not looked
/// at what came before the reset (RFC 9112, 9.6). So that is read at the last moment; with TLS this is not
/// possible. A value.
class EarlyAnswer {
 public:
  void clear() noexcept {
    bytes_.clear();
    at_ = 0;
  }
  /// Takes what a socket that is about to be closed holds, up to a bound.
  void rescue(int fd);

  /// Gives the next line with its line end; it is empty if there is no whole one.
  [[nodiscard]] std::string_view next_line() noexcept {
    const auto end = bytes_.find('\n', at_);
    if (end == std::string::npos) return {};
    const std::string_view line = std::string_view(bytes_).substr(at_, end + 1 - at_);
    at_ = end + 1;
    return line;
  }
  /// Gives what stands behind the lines that were taken.
  [[nodiscard]] std::string_view rest() const noexcept { return std::string_view(bytes_).substr(at_); }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace leat::http
