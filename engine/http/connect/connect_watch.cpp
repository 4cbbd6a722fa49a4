#include "engine/http/connect/connect_watch.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

namespace leat::http {

namespace {

constexpr async::Duration kOneMoreTurn = std::chrono::milliseconds(1);

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
  Address tried;
  tried.family = address.sa_family;
  if (address.sa_family == AF_INET) {
    std::memcpy(tried.bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, sizeof(in_addr));
  } else if (address.sa_family == AF_INET6) {
    std::memcpy(tried.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr,
                sizeof(in6_addr));
  } else {
    return;
  }
  tried_.push_back(tried);
  looked_once_ = false;
  if (bound_.patience.count() > 0 && tried_.size() < bound_.untried) {
    loop_.arm_after(*this, bound_.patience);
  } else {
    disarm();
  }
}

// Nobody asks as long as an address takes the connection and is the only one, so the texts are made late.
std::vector<std::string> ConnectWatch::tried() const {
  std::vector<std::string> texts;
  for (const Address& address : tried_) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    texts.emplace_back(inet_ntop(address.family, address.bytes.data(), text.data(), text.size()));
  }
  return texts;
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
