#include "engine/http/connect/connect_watch.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

namespace leat::http {

namespace {

constexpr async::Duration kOneMoreTurn = std::chrono::milliseconds(1);

std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* binary = nullptr;
  if (address.sa_family == AF_INET) {
    binary = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  } else if (address.sa_family == AF_INET6) {
    binary = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  } else {
    return {};
  }
  const char* made = inet_ntop(address.sa_family, binary, text.data(), text.size());
  return made != nullptr ? made : "";
}

}  // namespace

void ConnectWatch::begin(const ConnectBound& bound) noexcept {
  disarm();
  bound_ = bound;
  tried_.clear();
  sockets_.clear();
  used_.clear();
  silent_ = false;
}

void ConnectWatch::opened(int socket, const sockaddr& address) {
  sockets_.push_back(socket);
  std::string text = text_of(address);
  if (text.empty()) return;
  tried_.push_back(std::move(text));
  looked_once_ = false;
  if (bound_.patience.count() > 0 && tried_.size() < bound_.untried) {
    loop_.arm_after(*this, bound_.patience);
  } else {
    disarm();
  }
}

void ConnectWatch::connected(const char* address) {
  disarm();
  if (!tried_.empty()) used_ = address;
}

// If the loop was busy, an answer may have come that nobody has read yet, so that is read first.
void ConnectWatch::on_timer() noexcept {
  if (!looked_once_) {
    looked_once_ = true;
    loop_.arm_after(*this, kOneMoreTurn);
    return;
  }
  silent_ = owner_.connects_in_vain();
}

}  // namespace leat::http
