#pragma once

#include <cstdint>

#include "engine/async/clock.hpp"
#include "engine/http/message/response.hpp"
#include "engine/http/transfer.hpp"

namespace leat::http {

/// When the steps of one hop began.
struct HopTimes {
  explicit HopTimes(async::TimePoint now) : start(now), resolved(now), begun(now) {}
  async::TimePoint start;
  async::TimePoint resolved;
  async::TimePoint begun;  // when libcurl began
};

/// The bytes that went over the wire in all hops of a request, as far as libcurl says.
struct Traffic {
  std::uint64_t head_bytes = 0;
  std::uint64_t received = 0;  // of bodies, those of redirects included
  std::uint64_t sent = 0;
  std::uint64_t connections = 0;  // that were made for it
  std::uint64_t resent = 0;       // how often a request went out again because its kept connection had ended

  void add(const Transfer& transfer, const Hop& hop);
};

/// Describes the response of the last hop, after so many redirects; `elapsed` is the time of all hops. It
/// moves the head out of the transfer, and URL and method out of the hop.
[[nodiscard]] Response describe(Transfer& transfer, Hop& hop, int redirects, const HopTimes& times,
                                async::Duration elapsed);

}  // namespace leat::http
