#include "tests/support/scripted_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace leat::tests {

namespace {

constexpr int kLook = 20;  // milliseconds between two checks whether the server ends

bool send_all(int fd, const std::string& bytes, const std::atomic<bool>& ending) {
  for (std::size_t at = 0; at < bytes.size();) {
    pollfd ready{fd, POLLOUT, 0};
    if (ending || poll(&ready, 1, kLook) < 0) return false;
    if (ready.revents == 0) continue;
    const ssize_t sent = send(fd, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return false;
    at += static_cast<std::size_t>(sent);
  }
  return true;
}

// Gives what comes within `limit`; if it is empty, nothing came, or the client has gone, which `gone` says.
std::string receive(int fd, int limit, bool& gone) {
  pollfd ready{fd, POLLIN, 0};
  if (poll(&ready, 1, limit) <= 0) return "";
  std::array<char, 65536> buffer{};
  const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
  gone = got <= 0;
  return gone ? "" : std::string(buffer.data(), static_cast<std::size_t>(got));
}

// The "/path" in "GET /path?query HTTP/1.1".
std::string path_of(const std::string& head) {
  const auto from = head.find(' ') + 1;
  return head.substr(from, head.find_first_of(" ?", from) - from);
}

}  // namespace

ScriptedServer::ScriptedServer(std::map<std::string, Script> scripts)
    : ScriptedServer([scripts = std::move(scripts)](const std::string& head) {
        const auto found = scripts.find(path_of(head));
        return found == scripts.end() ? Script("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                                      : found->second;
      }) {}

ScriptedServer::ScriptedServer(std::function<Script(const std::string& head)> decide)
    : decide_(std::move(decide)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool ready = bind(listener_, generic, size) == 0 && listen(listener_, 128) == 0 &&
                     getsockname(listener_, generic, &size) == 0;
  if (!ready) throw std::runtime_error("the scripted server did not start");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  ending_ = true;
  acceptor_.join();
  for (auto& connection : connections_) connection.join();
  close(listener_);
}

std::string ScriptedServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

int ScriptedServer::requests_of(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = requests_.find(path);
  return found == requests_.end() ? 0 : found->second;
}

std::string ScriptedServer::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

void ScriptedServer::accept_all() {
  while (!ending_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, kLook) <= 0) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) connections_.emplace_back([this, connection] { answer(connection); });
  }
}

void ScriptedServer::answer(int connection) {
  std::string head;
  bool gone = false;
  while (!ending_ && !gone && head.find("\r\n\r\n") == std::string::npos)
    head += receive(connection, kLook, gone);
  if (head.find("\r\n\r\n") != std::string::npos) {
    const std::string path = path_of(head);
    {
      const std::lock_guard lock(mutex_);
      ++requests_[path];
      received_ += head;
    }
    play(connection, decide_(head));
  }
  // If something is unread when a socket is closed, that is a reset, which would reach the client before the
  // answer.
  shutdown(connection, SHUT_WR);
  while (!ending_ && !gone) receive(connection, kLook, gone);
  close(connection);
}

void ScriptedServer::play(int connection, const Script& script) const {
  if (!send_all(connection, script.bytes, ending_)) return;
  bool gone = false;
  while (script.released && !script.released()) {
    receive(connection, kLook, gone);
    if (ending_ || gone) return;
  }
  if (!send_all(connection, script.rest, ending_) || script.forever.empty()) return;
  do {
    receive(connection, static_cast<int>(script.pause.count()), gone);
  } while (!ending_ && !gone && send_all(connection, script.forever, ending_));
}

}  // namespace leat::tests
