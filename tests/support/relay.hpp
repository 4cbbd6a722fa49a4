#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace leat::tests {

/// Stands between processes and a server on a Unix socket, for as long as this lives. What they send comes
/// there later by a delay, and nothing comes through while it is cut: as through a network.
class Relay {
 public:
  Relay(std::string path, std::string server, std::chrono::milliseconds delay = {});
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay();

  /// Connections stay, but what is sent on them stays where it is, until `mend`.
  void cut() noexcept { is_cut_ = true; }
  void mend() noexcept { is_cut_ = false; }

 private:
  void relay_all();

  std::string path_;
  std::string server_;
  std::chrono::milliseconds delay_;
  int listener_ = -1;
  std::atomic<bool> is_cut_ = false;
  std::atomic<bool> ending_ = false;
  std::thread worker_;  // the last member, since it uses the others
};

}  // namespace leat::tests
