#pragma once

#include <array>
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

  async::Duration limit{0};     // for all of it; zero means none
  async::Duration patience{0};  // with a silent address while there are others; zero means no bound
  std::size_t untried = 0;      // when so many addresses have been tried, there are no others
};

/// Follows how libcurl connects: for which addresses it opened sockets, and whether they stay silent while
/// there are others.
///
/// The patience begins anew with each socket, because libcurl goes on by itself to an address of the other
/// family when the first one refuses, or after 200 ms. libcurl's callbacks call this. Loop thread only.
class ConnectWatch final : private async::Timer {
 public:
  /// The one that connects.
  class Owner {
   public:
    /// Is called from a timer when the patience is over. Gives false if that does not count because a
    /// connection stands.
    virtual bool connects_in_vain() noexcept = 0;

   protected:
    ~Owner() = default;
  };

  ConnectWatch(async::EventLoop& loop, Owner& owner) noexcept : loop_(loop), owner_(owner) {}
  ConnectWatch(const ConnectWatch&) = delete;
  ConnectWatch& operator=(const ConnectWatch&) = delete;
  ~ConnectWatch() = default;

  /// Starts anew and forgets what was before.
  void begin(const ConnectBound& bound) noexcept;
  /// Reports that this socket was made for this address.
  void opened(int socket, const sockaddr& address);
  /// Reports that the request goes to this address.
  void connected(const char* address);
  void end() noexcept { disarm(); }

  [[nodiscard]] bool has_tried() const noexcept { return !tried_.empty(); }
  /// Gives the addresses that sockets were made for, in that order, as text.
  [[nodiscard]] std::vector<std::string> tried() const;
  /// Gives the sockets in the same order, including those that are closed.
  [[nodiscard]] const std::vector<int>& sockets() const noexcept { return sockets_; }
  /// Gives the address that took the connection; it is empty if none did or no socket was made.
  [[nodiscard]] const std::string& used() const noexcept { return used_; }
  /// Says whether the patience ended it.
  [[nodiscard]] bool was_silent() const noexcept { return silent_; }

 private:
  struct Address {
    int family = 0;
    std::array<unsigned char, 16> bytes{};
  };
  void on_timer() noexcept override;

  async::EventLoop& loop_;
  Owner& owner_;
  ConnectBound bound_;
  std::vector<Address> tried_;
  std::vector<int> sockets_;
  std::string used_;
  bool looked_once_ = false;
  bool silent_ = false;
};

}  // namespace leat::http
