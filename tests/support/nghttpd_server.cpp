#include "tests/support/nghttpd_server.hpp"

#include <csignal>
#include <fstream>
#include <regex>
#include <stdexcept>

#include "tests/support/eventually.hpp"
#include "tests/support/free_port.hpp"

namespace leat::tests {

NghttpdServer::NghttpdServer() {
  std::ofstream(dir_ / "ok") << "ok\n";
  constexpr int kTries = 10;  // somebody else may take a port that was free
  for (int i = 0; i < kTries; ++i) {
    const std::string port = free_port();
    url_ = "http://127.0.0.1:" + port;
    if (starts_on(port)) return;
  }
  throw std::runtime_error("nghttpd did not start: " + log());
}

// Its log goes to a file, because nobody reads a pipe while it runs.
bool NghttpdServer::starts_on(const std::string& port) {
  process_.emplace(std::vector<std::string>{
      "sh", "-c", "exec nghttpd -v --no-tls -a 127.0.0.1 -d \"$0\" \"$1\" >\"$0/log\" 2>&1", dir_.path(),
      port});
  const bool has_spoken = eventually([this] { return log().find("listen") != std::string::npos; });
  return has_spoken && log().find("Could not listen") == std::string::npos;
}

std::size_t NghttpdServer::end() {
  process_->signal(SIGTERM);
  process_->wait();
  std::size_t requests = 0;
  for (const auto& line : lines_of(log())) {
    if (line.find("recv HEADERS") != std::string::npos) ++requests;
  }
  return requests;
}

// A line of its log: `[id=1] [  0.514] recv (stream_id=1) :path: /a/0`, with colours.
std::vector<std::string> NghttpdServer::values_of(const std::string& field) const {
  std::vector<std::string> values;
  const std::regex colours("\x1b\\[[0-9;]*m");
  const std::regex line_of_field("recv \\(stream_id=[0-9]+\\) " + field + ": (.*)");
  for (const auto& line : lines_of(log())) {
    const std::string plain = std::regex_replace(line, colours, "");
    std::smatch match;
    if (std::regex_search(plain, match, line_of_field)) values.push_back(match[1]);
  }
  return values;
}

}  // namespace leat::tests
