#include "tests/support/keeping_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace leat::tests {

namespace {

constexpr int kLook = 20;  // milliseconds between two checks whether the server ends

std::size_t length_in(const std::string& head) {
  const auto field = head.find("Content-Length: ");
  return field == std::string::npos ? 0 : std::strtoul(head.c_str() + field + 16, nullptr, 10);
}

void end(int connection, Reply::End how) {
  if (how == Reply::End::reset) {
    const linger now{1, 0};
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  close(connection);
}

}  // namespace

KeepingServer::KeepingServer(Script script, bool reads_bodies)
    : script_(std::move(script)),
      reads_bodies_(reads_bodies),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool ready = bind(listener_, generic, size) == 0 && listen(listener_, 512) == 0 &&
                     getsockname(listener_, generic, &size) == 0;
  if (!ready) throw std::runtime_error("the keeping server did not start");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

KeepingServer::~KeepingServer() {
  ending_ = true;
  acceptor_.join();
  for (auto& thread : threads_) thread.join();
  close(listener_);
}

std::string KeepingServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

int KeepingServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int KeepingServer::requests_of(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? 0 : found->second;
}

int KeepingServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void KeepingServer::wait_for_replies(int count) const {
  std::unique_lock lock(mutex_);
  if (!replied_.wait_for(lock, std::chrono::seconds(30), [&] { return replies_ >= count; })) {
    throw std::runtime_error("the replies did not come");
  }
}

void KeepingServer::accept_all() {
  while (!ending_ && !refusing_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, kLook) <= 0) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    const int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock(mutex_);
    ++connections_;
    threads_.emplace_back([this, connection] { serve(connection); });
  }
}

// False if the client has gone or this server ends.
bool KeepingServer::read_request(int connection, std::string& unread, Asked& asked) {
  std::array<char, 65536> buffer{};
  std::size_t needed = std::string::npos;
  while (!ending_) {
    const auto head_end = unread.find("\r\n\r\n");
    if (head_end != std::string::npos) {
      const std::string head = unread.substr(0, head_end + 2);
      needed = head_end + 4 + (reads_bodies_ ? length_in(head) : 0);
      if (unread.size() >= needed) {
        const auto blank = head.find(' ');
        asked.method = head.substr(0, blank);
        asked.path = head.substr(blank + 1, head.find(' ', blank + 1) - blank - 1);
        unread.erase(0, needed);
        return true;
      }
    }
    pollfd ready{connection, POLLIN, 0};
    if (poll(&ready, 1, kLook) <= 0) continue;
    // Without bodies it reads only a head: what is left unread makes a reset.
    const ssize_t got = recv(connection, buffer.data(), reads_bodies_ ? buffer.size() : 1, 0);
    if (got <= 0) return false;
    unread.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return false;
}

Reply KeepingServer::reply_to(Asked& asked) {
  const std::lock_guard lock(mutex_);
  asked.number = ++requests_;
  ++by_path_[asked.path];
  return script_(asked);
}

void KeepingServer::serve(int connection) {
  std::string unread;
  Asked asked;
  while (read_request(connection, unread, asked)) {
    ++asked.on_connection;
    const Reply reply = reply_to(asked);
    if (reply.is_last) {
      refusing_ = true;
      shutdown(listener_, SHUT_RDWR);  // connections are refused from now on
    }
    if (!reply.bytes.empty()) send(connection, reply.bytes.data(), reply.bytes.size(), MSG_NOSIGNAL);
    if (reply.pause.count() > 0) std::this_thread::sleep_for(reply.pause);
    if (!reply.unasked.empty()) send(connection, reply.unasked.data(), reply.unasked.size(), MSG_NOSIGNAL);
    {
      const std::lock_guard lock(mutex_);
      ++replies_;
    }
    replied_.notify_all();
    if (reply.end != Reply::End::keep) return end(connection, reply.end);
  }
  close(connection);
}

std::string ok_answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace leat::tests
