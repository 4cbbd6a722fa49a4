#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/timer_queue.hpp"

struct sockaddr;

namespace leat::http {

/// How long a transfer may take to connect.
struct ConnectBound {
  ConnectBound() = default;

  async::Duration limit{0};     // all of it; zero: none
  async::Duration patience{0};  // with an address that is silent, while there are others; zero: no bound
  std::size_t untried = 0;      // addresses: none is left to go on to when so many have been tried
};

/// Follows how libcurl connects: which addresses it opened sockets for, and whether they stay silent while
/// there are others.
///
/// The patience begins anew with each socket, since libcurl goes on to an address of the other family by
/// itself when the first one refuses, or after 200 ms. Fed from libcurl's callbacks. Loop thread only.
class ConnectWatch final : private async::Timer {
 public:
  /// The transfer that connects.
  class Owner {
   public:
    /// Is called by a timer when the patience is over. False: that does not count, since a connection stands.
    virtual bool connects_in_vain() noexcept = 0;

   protected:
    ~Owner() = default;
  };

  ConnectWatch(async::EventLoop& loop, Owner& owner) noexcept : loop_(loop), owner_(owner) {}
  ConnectWatch(const ConnectWatch&) = delete;
  ConnectWatch& operator=(const ConnectWatch&) = delete;
  ~ConnectWatch() = default;

  /// Forgets all that was noted.
  void begin(const ConnectBound& bound) noexcept;
  /// Is told that this socket was made for this address.
  void opened(int socket, const sockaddr& address);
  /// Is told that the request goes to this address.
  void connected(const char* address);
  void end() noexcept { disarm(); }

  /// The addresses that sockets were made for, in that order, as text.
  [[nodiscard]] const std::vector<std::string>& tried() const noexcept { return tried_; }
  /// The sockets in the same order, also those that are closed.
  [[nodiscard]] const std::vector<int>& sockets() const noexcept { return sockets_; }
  /// The address that took the connection; empty if none did, or if no socket was made.
  [[nodiscard]] const std::string& used() const noexcept { return used_; }
  /// Whether the patience has ended the attempt.
  [[nodiscard]] bool was_silent() const noexcept { return silent_; }

 private:
  void on_timer() noexcept override;

  async::EventLoop& loop_;
  Owner& owner_;
  ConnectBound bound_;
  std::vector<std::string> tried_;
  std::vector<int> sockets_;
  std::string used_;
  bool looked_once_ = false;
  bool silent_ = false;
};

}  // namespace leat::http
