#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "engine/async/clock.hpp"

namespace leat::http {

/// Knows whether a host keeps its connections open after an answer. A request that must not be sent twice
/// needs to know that: a POST that meets the end of a kept connection is lost, because nobody knows whether
/// the server has carried it out (RFC 9112, 9.3.1; RFC 9110, 9.2.2).
///
/// A host that closes without saying so does it at once. So such requests wait for kTest after the first
/// answer and then use a connection that has been idle for kIdle; if one is used twice, the host keeps them.
/// If a host was seen to close kept connections early, or under a request, each such request gets a fresh
/// connection for a while. A value.
class KeepAliveTrust {
 public:
  static constexpr async::Duration kTest = std::chrono::milliseconds(10);
  static constexpr async::Duration kIdle = std::chrono::milliseconds(4);
  static constexpr async::Duration kDoubt = std::chrono::seconds(10);

  enum class Use : std::uint8_t { any, tested, none };

  /// Says which of the kept connections such a request may use now; `tested` means one that has been idle for
  /// kIdle.
  [[nodiscard]] Use use(async::TimePoint now) const noexcept;
  /// Says when there is a tested one, if the host keeps its connections; nothing if no answer has come yet.
  [[nodiscard]] std::optional<async::TimePoint> tested_from() const noexcept;

  /// Reports that an answer came. `reused` says that its connection had carried another one before.
  void answered(bool reused, async::TimePoint now) noexcept;
  /// Reports that a kept connection ended early or under a request.
  void closed(async::TimePoint now) noexcept;

 private:
  std::optional<async::TimePoint> first_answer_;
  std::optional<async::TimePoint> doubted_until_;
  bool keeps_ = false;
};

}  // namespace leat::http
