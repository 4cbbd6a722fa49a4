#include "tests/support/nghttpd_server.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/support/free_port.hpp"

namespace leat::tests {

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
