#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leat::http {

/// What a server had answered when it closed a connection before the whole request was sent.
///
/// A server may answer from the head alone (401, 413) and close, with a body unread: that sends a reset, and
/// sending fails. libcurl gives up then and closes the socket, though it has not looked at what came in front
/// of the reset (RFC 9112, 9.6). So that is read in the last moment; with TLS it can't be. A value.
class EarlyAnswer {
 public:
  void clear() noexcept {
    bytes_.clear();
    at_ = 0;
  }
  /// Takes what lies in a socket that is about to be closed, up to a bound.
  void rescue(int fd);

  /// The next line, its end included; empty: there is no whole one.
  [[nodiscard]] std::string_view next_line() noexcept {
    const auto end = bytes_.find('\n', at_);
    if (end == std::string::npos) return {};
    const std::string_view line = std::string_view(bytes_).substr(at_, end + 1 - at_);
    at_ = end + 1;
    return line;
  }
  /// What follows the lines that were taken.
  [[nodiscard]] std::string_view rest() const noexcept { return std::string_view(bytes_).substr(at_); }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace leat::http
