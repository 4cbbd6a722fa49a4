#include "engine/load/http2_connection.hpp"

#include <string_view>

namespace leat::load {

namespace {

constexpr std::size_t kBlock = 64 * 1024;  // frames that are sent at once

}  // namespace

// What TLS could not send at once has to be offered again as it was, so nothing is added to it.
bool Http2Connection::flush() noexcept {
  for (;;) {
    if (out_at_ == out_.size()) {
      out_.clear();
      out_at_ = 0;
      session_->write(out_, kBlock);
      if (out_.empty()) return true;
    }
    const long sent = wire_.send(std::string_view(out_).substr(out_at_));
    if (sent == http::Wire::kAgain) return true;
    if (sent < 0) return false;
    out_at_ += static_cast<std::size_t>(sent);
  }
}

}  // namespace leat::load
