#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace leat::tests {

/// Takes connections at an address and port of the loopback, and resets each as soon as something came on it,
/// for as long as this lives.
class ResettingServer {
 public:
  ResettingServer(const std::string& address, int port);
  ResettingServer(const ResettingServer&) = delete;
  ResettingServer& operator=(const ResettingServer&) = delete;
  ~ResettingServer();

  /// How many connections it took.
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  void accept_all();

  int listener_ = -1;
  std::atomic<bool> ending_ = false;
  std::atomic<int> connections_ = 0;
  std::thread acceptor_;  // the last member, since it uses the others
};

}  // namespace leat::tests
