#include "tests/support/black_hole.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>

namespace leat::tests {

BlackHole::BlackHole()
    : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      filler_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  constexpr int kNone = 0;  // Linux then takes one
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
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

int BlackHole::connecting() const {
  char wanted[48];
  constexpr int kSynSent = 2;
  std::snprintf(wanted, sizeof wanted, " 0100007F:%04X %02X ", static_cast<unsigned>(port_), kSynSent);
  // The kernel gives the table in pieces: where others open and close sockets meanwhile, a row may be left
  // out or come twice.
  std::size_t most = 0;
  for (int look = 0; look < 3; ++look) {
    std::ifstream sockets("/proc/net/tcp");
    std::set<std::string> found;  // local addresses, as "0100007F:C0DE"
    for (std::string line; std::getline(sockets, line);) {
      const auto at = line.find(wanted);
      if (at != std::string::npos && at >= 13) found.insert(line.substr(at - 13, 13));
    }
    most = std::max(most, found.size());
  }
  return static_cast<int>(most);
}

}  // namespace leat::tests
