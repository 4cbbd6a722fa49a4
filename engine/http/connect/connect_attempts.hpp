#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/http/connect/connect_watch.hpp"

namespace leat::http {

/// How one hop goes through the addresses of a name until one of them takes its connection.
///
/// The first attempt has the first address of each family, which libcurl tries side by side; the next attempt
/// has the next ones. While there are others, a silent address is given up after `kPatience`. When all have
/// been tried, the silent ones get the rest of the time, one after the other, because a host may just be
/// slow. Any thread.
///
/// libcurl does not go through them well: 7.88 begins with a family's second address 200 ms after the first
/// one has refused, and with the third one when one of its time-outs happens to pass (mended in 8.4); all
/// versions give a silent address half of the time that is left.
class ConnectAttempts {
 public:
  /// A SYN that was lost goes out again after a second, and this still leaves time for its answer.
  static constexpr async::Duration kPatience = std::chrono::milliseconds(1250);

  /// `limit`: for connecting, all attempts together; zero: none.
  explicit ConnectAttempts(async::Duration limit) noexcept : limit_(limit) {}

  /// The limit for the next attempt at a name with so many addresses. `timeout`: the whole hop's; zero: none.
  [[nodiscard]] ConnectBound next(std::size_t addresses, async::Duration timeout,
                                  async::TimePoint now) noexcept;
  /// The attempt has failed at these addresses; `silent`: it was ended by the patience. True if there are
  /// others, and time to try them.
  [[nodiscard]] bool goes_on(const std::vector<std::string>& tried, bool silent, async::TimePoint now);

 private:
  [[nodiscard]] async::Duration left(async::TimePoint now) const noexcept;

  async::Duration limit_;
  std::optional<async::TimePoint> start_;  // of the first one
  std::size_t addresses_ = 0;
  std::size_t attempts_ = 0;
  std::vector<std::string> tried_;  // by this round
  std::size_t silent_ = 0;          // of them
  std::size_t candidates_ = 0;      // of the second round: those that were silent in the first
};

/// Whether an error, where nothing of an answer came, says that an address gives no connection: it refused,
/// is out of reach, was silent, or reset the connection.
[[nodiscard]] bool is_address_failure(const Error& error) noexcept;

}  // namespace leat::http
