#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/http/tls/wire.hpp"
#include "engine/load/http2_session.hpp"

namespace leat::load {

/// An Http2Session with the connection that its frames go over, or the place for both. Loop thread only. It
/// keeps its buffer when it is closed, so that the next connection allocates none.
class Http2Connection {
 public:
  void open(http::Wire wire, Http2Session::User& user) {
    wire_ = std::move(wire);
    session_.emplace(user);
  }
  void close() noexcept {
    wire_ = http::Wire();
    session_.reset();
    out_.clear();
    out_at_ = 0;
  }
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(wire_); }
  [[nodiscard]] http::Wire& wire() noexcept { return wire_; }
  /// While it is open.
  [[nodiscard]] Http2Session& session() noexcept { return *session_; }
  [[nodiscard]] const Http2Session& session() const noexcept { return *session_; }

  /// Sends all frames that are ready, many at once, as far as the connection takes them. False if it is
  /// broken.
  bool flush() noexcept;
  /// A byte of the request has been sent.
  [[nodiscard]] bool was_sent(const Http2Stream& stream) const noexcept {
    return session_->was_sent(stream, out_.size() - out_at_);
  }

 private:
  http::Wire wire_;
  std::optional<Http2Session> session_;
  std::string out_;         // frames that are being sent
  std::size_t out_at_ = 0;  // how much of it has been
};

}  // namespace leat::load
