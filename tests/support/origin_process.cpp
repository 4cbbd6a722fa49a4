#include "tests/support/origin_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

extern char** environ;

namespace leat::tests {

namespace {

std::string read_line(int fd) {
  std::string line;
  char c = 0;
  while (::read(fd, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

// The number after "name": in the JSON text, from `from` on.
std::uint64_t number_after(const std::string& json, const std::string& name, std::size_t from = 0) {
  const std::string key = "\"" + name + "\":";
  const auto at = json.find(key, from);
  return at == std::string::npos ? 0 : std::strtoull(json.c_str() + at + key.size(), nullptr, 10);
}

}  // namespace

OriginProcess::OriginProcess(const std::vector<std::string>& more_arguments) {
  std::vector<std::string> words{LEAT_ORIGIN, "--port", "0", "--parent-pid-exit"};
  words.insert(words.end(), more_arguments.begin(), more_arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  const int status = posix_spawn(&pid_, LEAT_ORIGIN, &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  output_ = ends[0];
  if (status != 0) throw std::runtime_error("can't start " LEAT_ORIGIN);
  const std::string line = read_line(output_);  // "listening on 127.0.0.1:PORT"
  const auto colon = line.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("the origin said: " + line);
  port_ = std::atoi(line.c_str() + colon + 1);
}

OriginProcess::~OriginProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(output_);
}

std::string OriginProcess::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::string OriginProcess::get(const std::string& path) const {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: origin\r\nConnection: close\r\n\r\n";
    if (::write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
      std::array<char, 65536> buffer{};
      for (ssize_t n = 0; (n = ::read(fd, buffer.data(), buffer.size())) > 0;) {
        answer.append(buffer.data(), static_cast<std::size_t>(n));
      }
    }
  }
  ::close(fd);
  const auto body = answer.find("\r\n\r\n");
  return body == std::string::npos ? std::string() : answer.substr(body + 4);
}

OriginStats OriginProcess::stats() const {
  const std::string json = get("/stats?paths=0");
  const auto requests = json.find("\"requests\"");
  OriginStats stats;
  stats.connections = number_after(json, "accepted");
  stats.open = number_after(json, "open");
  stats.requests = number_after(json, "total", requests);
  stats.concurrent = number_after(json, "concurrent", requests);
  stats.peak = number_after(json, "peak", requests);
  return stats;
}

std::uint64_t OriginProcess::requests_of(const std::string& path) const {
  return number_after(get("/stats"), path);
}

}  // namespace leat::tests
