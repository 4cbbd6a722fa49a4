#include "tests/support/resetting_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace leat::tests {

namespace {

constexpr int kLook = 20;  // milliseconds between two checks whether the server ends

}  // namespace

ResettingServer::ResettingServer(const std::string& address, int port)
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, address.c_str(), &place.sin_addr);
  const bool ready = bind(listener_, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0 &&
                     listen(listener_, 128) == 0;
  if (!ready) throw std::runtime_error("the resetting server did not start");
  acceptor_ = std::thread([this] { accept_all(); });
}

ResettingServer::~ResettingServer() {
  ending_ = true;
  acceptor_.join();
  close(listener_);
}

void ResettingServer::accept_all() {
  while (!ending_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, kLook) <= 0) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    ++connections_;
    pollfd spoken{connection, POLLIN, 0};
    poll(&spoken, 1, 1000);
    const linger none{1, 0};
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(connection);
  }
}

}  // namespace leat::tests
