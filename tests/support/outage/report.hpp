#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace leat::outage {

using Clock = std::chrono::steady_clock;

/// What the server saw, in all and during the fault. Times are those of CLOCK_MONOTONIC.
struct Report {
  std::uint64_t connections = 0;  // connections that were accepted
  std::uint64_t requests = 0;     // requests that were read
  std::uint64_t answers = 0;      // answers that were given, whatever their status
  std::optional<Clock::time_point> first_request;
  std::optional<Clock::time_point> last_answer;

  std::optional<Clock::time_point> fault_began;
  std::optional<Clock::time_point> fault_ended;
  std::uint64_t fault_connections = 0;
  std::uint64_t fault_in_flight = 0;  // requests that were sent because of the good answers just before it
  std::uint64_t fault_requests = 0;   // requests that were read during the fault, from where it is
  std::optional<std::uint64_t> fault_tries;  // attempts to connect; nothing if this process may not see them

  /// One line of JSON; times in seconds, or null.
  [[nodiscard]] std::string json() const;
};

}  // namespace leat::outage
