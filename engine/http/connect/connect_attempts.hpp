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
/// An attempt gets the first address of each family, which libcurl tries side by side; the next attempt gets
/// the next ones. A silent address is left after `kPatience` if there are others. Once all have been tried,
/// those that were silent get the time that is left, one after the other, because a host may just be slow.
/// Any thread.
///
/// It is not left to libcurl to go through them. 7.88 begins with the second address of a family 200 ms after
/// the first one has refused, and with the third when one of its time-outs happens to pass (fixed in 8.4).
/// All versions give a silent address half of the time that is left.
class ConnectAttempts {
 public:
  /// A SYN that was lost goes out again after a second; this still leaves time for the answer to it.
  static constexpr async::Duration kPatience = std::chrono::milliseconds(1250);

  /// `limit` is the time for connecting, in all attempts together; zero means none.
  explicit ConnectAttempts(async::Duration limit) noexcept : limit_(limit) {}

  /// Gives the bound for the next attempt at a name that has so many addresses. `timeout` is what is left for
  /// the whole hop; zero means none.
  [[nodiscard]] ConnectBound next(std::size_t addresses, async::Duration timeout,
                                  async::TimePoint now) noexcept;
  /// Reports that the attempt has failed at these addresses; `silent` says that the patience ended it. Gives
  /// true if there are others and time to try them.
  [[nodiscard]] bool goes_on(const std::vector<std::string>& tried, bool silent, async::TimePoint now);

 private:
  [[nodiscard]] async::Duration left(async::TimePoint now) const noexcept;

  async::Duration limit_;
  std::optional<async::TimePoint> start_;  // of the first attempt
  std::size_t addresses_ = 0;
  std::size_t attempts_ = 0;
  std::vector<std::string> tried_;  // in this round
  std::size_t silent_ = 0;          // how many of them were silent
  std::size_t candidates_ = 0;      // in the second round: how many were silent in the first
};

/// Says whether an error, when nothing of an answer came, shows that the address gives no connection: it
/// refused, is out of reach, was silent or reset the connection.
[[nodiscard]] bool is_address_failure(const Error& error) noexcept;

}  // namespace leat::http
