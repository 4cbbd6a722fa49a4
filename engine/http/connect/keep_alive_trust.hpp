#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "engine/async/clock.hpp"

namespace leat::http {

/// Whether a host keeps its connections open after an answer. A request that must not be sent twice has to
/// know: a POST that meets the end of a kept connection is lost, because nobody knows whether the server has
/// carried it out (RFC 9112, 9.3.1; RFC 9110, 9.2.2).
///
/// A host that closes connections without saying so does it at once. So such requests wait until kTest after
/// the first answer, and then use connections that were idle for kIdle; if one of them carries a second
/// request, the host keeps its connections. A host that closes them early, or under a request, gets a fresh
/// connection for each such request for a while. A value.
class KeepAliveTrust {
 public:
  static constexpr async::Duration kTest = std::chrono::milliseconds(10);
  static constexpr async::Duration kIdle = std::chrono::milliseconds(4);
  static constexpr async::Duration kDoubt = std::chrono::seconds(10);

  enum class Use : std::uint8_t { any, tested, none };

  /// Which kept connection such a request may use now. `tested`: only one that has been idle for kIdle.
  [[nodiscard]] Use use(async::TimePoint now) const noexcept;
  /// When such a connection will be there, if the host keeps them; nothing if no answer has come yet.
  [[nodiscard]] std::optional<async::TimePoint> tested_from() const noexcept;

  /// An answer came, over a connection that had carried another one before, or over a new one.
  void answered(bool reused, async::TimePoint now) noexcept;
  /// A kept connection ended early, or under a request.
  void closed(async::TimePoint now) noexcept;

 private:
  std::optional<async::TimePoint> first_answer_;
  std::optional<async::TimePoint> doubted_until_;
  bool keeps_ = false;
};

}  // namespace leat::http
