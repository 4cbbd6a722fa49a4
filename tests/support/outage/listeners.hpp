#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace leat::outage {

/// The listening sockets, one for each address, all on one port. Those of an address can be closed and opened
/// again, or left alone so that new connections wait in their queue. Throws std::runtime_error if it can't
/// have an address. One thread.
class Listeners {
 public:
  explicit Listeners(std::uint16_t port) : port_(port) {}
  Listeners(const Listeners&) = delete;
  Listeners& operator=(const Listeners&) = delete;
  ~Listeners();

  void open(const std::string& address);
  void close(const std::string& address);
  /// From now on a further connection finds the queue full and its SYNs are dropped; open() undoes this.
  void fill_queue(const std::string& address);

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// -1 if it is closed.
  [[nodiscard]] int fd(const std::string& address) const;
  /// Gives nothing if that descriptor does not listen.
  [[nodiscard]] const std::string* address_of(int fd) const;

 private:
  std::uint16_t port_;
  std::map<std::string, int> fds_;
  std::map<std::string, std::vector<int>> fillers_;
};

}  // namespace leat::outage
