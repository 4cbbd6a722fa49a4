#pragma once

#include <string>

namespace leat::tests {

/// A port of a loopback address that takes no more connections for as long as this lives. Its queue is full,
/// so every new connection waits, as with a host that drops packets.
class BlackHole {
 public:
  /// Port 0 means any free port.
  explicit BlackHole(const std::string& address = "127.0.0.1", int port = 0);
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;
  ~BlackHole();

  [[nodiscard]] int port() const noexcept { return port_; }
  /// "http://ADDRESS:PORT" and `path`.
  [[nodiscard]] std::string url(const std::string& path) const;
  /// How many connections this process is making. They are made to this port, since any other port of the
  /// loopback answers at once.
  [[nodiscard]] static int connecting();

 private:
  std::string address_;
  int listener_ = -1;
  int filler_ = -1;
  int port_ = 0;
};

}  // namespace leat::tests
