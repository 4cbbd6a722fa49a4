#include "tests/support/outage/listeners.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace leat::outage {
namespace {

constexpr int kQueue = 4096;

sockaddr_in socket_address(const std::string& address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  if (inet_pton(AF_INET, address.c_str(), &result.sin_addr) != 1) {
    throw std::runtime_error("not an IPv4 address: " + address);
  }
  return result;
}

}  // namespace

Listeners::~Listeners() {
  for (const auto& [address, fds] : fillers_) {
    for (const int fd : fds) ::close(fd);
  }
  for (const auto& [address, fd] : fds_) ::close(fd);
}

void Listeners::open(const std::string& address) {
  for (const int filler : fillers_[address]) ::close(filler);
  fillers_.erase(address);
  const auto found = fds_.find(address);
  if (found != fds_.end()) {
    ::listen(found->second, kQueue);
    return;
  }
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in name = socket_address(address, port_);
  socklen_t size = sizeof name;
  auto* const generic = reinterpret_cast<sockaddr*>(&name);
  if (bind(fd, generic, size) != 0 || listen(fd, kQueue) != 0 || getsockname(fd, generic, &size) != 0) {
    ::close(fd);
    throw std::runtime_error("can't listen on " + address + ":" + std::to_string(port_));
  }
  port_ = ntohs(name.sin_port);
  fds_[address] = fd;
}

void Listeners::close(const std::string& address) {
  const auto found = fds_.find(address);
  if (found == fds_.end()) return;
  ::close(found->second);
  fds_.erase(found);
}

void Listeners::fill_queue(const std::string& address) {
  constexpr int kNone = 0;  // Linux takes one nevertheless
  ::listen(fd(address), kNone);
  const sockaddr_in name = socket_address(address, port_);
  const int filler = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  connect(filler, reinterpret_cast<const sockaddr*>(&name), sizeof name);
  fillers_[address].push_back(filler);
}

int Listeners::fd(const std::string& address) const {
  const auto found = fds_.find(address);
  return found == fds_.end() ? -1 : found->second;
}

const std::string* Listeners::address_of(int fd) const {
  for (const auto& [address, each] : fds_) {
    if (each == fd) return &address;
  }
  return nullptr;
}

}  // namespace leat::outage
