#include "tests/support/nghttpd_server.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace leat::tests {

namespace {

std::string free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const bool ok = bind(fd, any, size) == 0 && getsockname(fd, any, &size) == 0;
  close(fd);
  if (!ok) throw std::runtime_error("no free port");
  return std::to_string(ntohs(address.sin_port));
}

}  // namespace

std::string NghttpdServer::with_file(TempDir& dir) {
  std::ofstream(dir / "ok") << "ok\n";
  return dir.path();
}

// Its log goes to a file, because nobody reads a pipe while it runs.
NghttpdServer::NghttpdServer()
    : port_(free_port()),
      url_("http://127.0.0.1:" + port_),
      process_({"sh", "-c", "exec nghttpd -v --no-tls -a 127.0.0.1 -d \"$0\" \"$1\" >\"$0/log\" 2>&1",
                with_file(dir_), port_}) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (read_file(dir_ / "log").find("listen") == std::string::npos) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("nghttpd did not start: " + read_file(dir_ / "log"));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

std::size_t NghttpdServer::end() {
  process_.signal(SIGTERM);
  process_.wait();
  std::size_t requests = 0;
  for (const auto& line : lines_of(read_file(dir_ / "log"))) {
    if (line.find("recv HEADERS") != std::string::npos) ++requests;
  }
  return requests;
}

}  // namespace leat::tests
