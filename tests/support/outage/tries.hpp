#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace leat::outage {

/// Counts the connections that anybody tries to make to a port, also those that nobody accepts, by the first
/// SYN of each.
///
/// It reads packets, which only root may do: without the right, count() gives nothing. One thread.
class Tries {
 public:
  /// `host` is an IPv4 address, or empty for all addresses.
  Tries(std::uint16_t port, const std::string& host);
  Tries(const Tries&) = delete;
  Tries& operator=(const Tries&) = delete;
  ~Tries();

  /// Is readable if read() has something to read; -1 without the right.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  void read();
  /// The count so far.
  [[nodiscard]] std::optional<std::uint64_t> count();
  /// How often a connection found no route in this network namespace; then there is no SYN.
  [[nodiscard]] static std::uint64_t without_route();

 private:
  int fd_ = -1;
  std::uint32_t host_ = 0;                                  // in network order; 0: all
  std::set<std::pair<std::uint16_t, std::uint32_t>> seen_;  // source port and first sequence number
};

}  // namespace leat::outage
