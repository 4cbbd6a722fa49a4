#include "tests/support/black_hole.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace leat::tests {

BlackHole::BlackHole(const std::string& text, int port)
    : address_(text),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      filler_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, text.c_str(), &address.sin_addr);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  constexpr int kNone = 0;  // Linux then takes one connection
  const bool ready = bind(listener_, generic, size) == 0 && listen(listener_, kNone) == 0 &&
                     getsockname(listener_, generic, &size) == 0 && connect(filler_, generic, size) == 0;
  if (!ready) throw std::runtime_error("no black hole could be made");
  port_ = ntohs(address.sin_port);
}

BlackHole::~BlackHole() {
  close(filler_);
  close(listener_);
}

std::string BlackHole::url(const std::string& path) const {
  return "http://" + address_ + ":" + std::to_string(port_) + path;
}

// /proc/net/tcp would list other processes' connections, too, but it leaves rows out while sockets come and
// go.
int BlackHole::connecting() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    tcp_info info{};
    socklen_t size = sizeof info;
    const int fd = std::stoi(entry.path().filename());
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_state == TCP_SYN_SENT) ++count;
  }
  return count;
}

}  // namespace leat::tests
