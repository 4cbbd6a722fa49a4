#include "engine/http/curl/socket_table.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "engine/async/uv_handle.hpp"
#include "engine/http/curl/early_answer.hpp"
#include "engine/http/curl/multi_shard.hpp"
#include "engine/text/hash.hpp"

namespace leat::http {

struct SocketTable::Socket {
  async::UvHandle<uv_poll_t> poll;
  MultiShard* shard = nullptr;
  curl_socket_t fd = CURL_SOCKET_BAD;
  int wanted = 0;                 // UV_READABLE, UV_WRITABLE: what libcurl asked for
  int armed = 0;                  // what libuv was asked for
  std::uint64_t idle_since = 0;   // when libcurl last let it go, by uv_now
  Ends ends = Ends::none;         // its key in by_ends_
  EarlyAnswer* answer = nullptr;  // takes what the socket holds when it is closed
  bool ours = false;              // made by `open`
  bool connected = false;         // has been readable once

  void arm(int events);
  void on_event(int status, int events);
};

void SocketTable::Socket::arm(int events) {
  if (events == armed) return;
  armed = events;
  if (events == 0) {
    uv_poll_stop(poll.get());
    return;
  }
  uv_poll_start(poll.get(), events, [](uv_poll_t* handle, int status, int happened) {
    if (handle->data != nullptr) static_cast<Socket*>(handle->data)->on_event(status, happened);
  });
}

// libuv reports POLLERR as a status and has stopped the handle by then. What has arrived must be read all the
// same, so libcurl is told that what it waits for has come: given only CURL_CSELECT_ERR, 7.88 gives up at
// once with CURLE_SEND_ERROR. Likewise an answer that is there is read before more of a request is sent,
// because sending fails if the server has answered early and closed.
void SocketTable::Socket::on_event(int status, int events) {
  if (status < 0) {
    armed = 0;
    events = wanted;
    arm(wanted);
  } else if ((events & ~wanted) != 0) {
    arm(wanted);
  }
  if ((events & wanted) == 0) return;
  if ((events & UV_READABLE) != 0) connected = true;
  if ((events & UV_WRITABLE) != 0) events |= wanted & UV_READABLE;
  int mask = 0;
  if ((events & UV_READABLE) != 0) mask |= CURL_CSELECT_IN;
  if ((events & UV_WRITABLE) != 0) mask |= CURL_CSELECT_OUT;
  shard->act(fd, mask);
}

namespace {

int local_port_of(int fd) noexcept {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return 0;
}

}  // namespace

SocketTable::~SocketTable() {
  for (Socket* socket : by_fd_) delete socket;
}

curl_socket_t SocketTable::open(const curl_sockaddr& address) {
  const int fd = ::socket(address.family, address.socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  drop(fd);  // libcurl closed the old one without telling us; see the class comment
  const auto index = static_cast<std::size_t>(fd);
  if (index >= by_fd_.size()) by_fd_.resize(index + 64);
  auto socket = std::make_unique<Socket>();
  socket->fd = fd;
  socket->ours = true;
  by_fd_[index] = socket.release();
  return fd;
}

SocketTable::Ends SocketTable::ends(std::string_view remote, int remote_port, int local_port) noexcept {
  if (remote_port <= 0 || local_port <= 0) return Ends::none;
  const auto ports = static_cast<std::uint64_t>(remote_port) << 16 | static_cast<std::uint64_t>(local_port);
  return Ends{text::hash64(remote) ^ text::mix64(ports)};
}

void SocketTable::connected(std::span<const curl_socket_t> opened, Ends ends, int local_port) {
  if (ends == Ends::none) return;
  for (const curl_socket_t fd : opened) {
    Socket* const socket = by_fd_[static_cast<std::size_t>(fd)];
    if (socket == nullptr || (opened.size() > 1 && local_port_of(fd) != local_port)) continue;
    socket->ends = ends;
    by_ends_[ends] = fd;
  }
}

bool SocketTable::has_news(Ends ends) const noexcept {
  const auto found = by_ends_.find(ends);
  if (found == by_ends_.end()) return false;
  char byte = 0;
  const auto got = recv(found->second, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

void SocketTable::close(curl_socket_t fd) {
  const auto index = static_cast<std::size_t>(fd);
  const Socket* const socket = index < by_fd_.size() ? by_fd_[index] : nullptr;
  if (socket != nullptr && socket->answer != nullptr) socket->answer->rescue(fd);
  drop(fd);
  ::close(fd);
}

void SocketTable::drop(curl_socket_t fd) {
  const auto index = static_cast<std::size_t>(fd);
  if (index >= by_fd_.size()) return;
  Socket* const socket = by_fd_[index];
  if (socket == nullptr) return;
  const auto known = by_ends_.find(socket->ends);
  if (known != by_ends_.end() && known->second == fd) by_ends_.erase(known);
  delete socket;
  by_fd_[index] = nullptr;
}

void SocketTable::rescue(Ends ends, EarlyAnswer* answer) noexcept {
  const auto found = by_ends_.find(ends);
  if (found != by_ends_.end()) by_fd_[static_cast<std::size_t>(found->second)]->answer = answer;
}

std::chrono::milliseconds SocketTable::idle_time(Ends ends) const noexcept {
  const auto found = by_ends_.find(ends);
  if (found == by_ends_.end()) return {};
  const Socket& socket = *by_fd_[static_cast<std::size_t>(found->second)];
  return std::chrono::milliseconds(socket.wanted == 0 ? uv_now(loop_) - socket.idle_since : 0);
}

SocketTable::Socket& SocketTable::socket_of(MultiShard& shard, curl_socket_t fd) {
  const auto index = static_cast<std::size_t>(fd);
  if (index >= by_fd_.size()) by_fd_.resize(index + 64);
  if (by_fd_[index] == nullptr) {
    auto foreign = std::make_unique<Socket>();
    foreign->fd = fd;
    by_fd_[index] = foreign.release();
  }
  Socket& socket = *by_fd_[index];
  socket.shard = &shard;
  if (!socket.poll) {
    auto poll = std::make_unique<uv_poll_t>();
    if (uv_poll_init_socket(loop_, poll.get(), fd) == 0) {
      poll->data = &socket;
      socket.poll.reset(poll.release());
    }
  }
  return socket;
}

void SocketTable::want(MultiShard& shard, curl_socket_t fd, int what) {
  if (what == CURL_POLL_REMOVE) {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= by_fd_.size() || by_fd_[index] == nullptr) return;
    Socket& socket = *by_fd_[index];
    socket.wanted = 0;
    socket.idle_since = uv_now(loop_);
    if (!socket.ours) {
      drop(fd);
    } else if (!socket.connected && socket.poll) {
      socket.poll.reset();
      socket.armed = 0;
    }
    return;
  }
  Socket& socket = socket_of(shard, fd);
  if (!socket.poll) return;  // can't be polled: libcurl's time-outs end the transfer
  socket.wanted = 0;
  if ((what & CURL_POLL_IN) != 0) socket.wanted |= UV_READABLE;
  if ((what & CURL_POLL_OUT) != 0) socket.wanted |= UV_WRITABLE;
  if ((socket.wanted & ~socket.armed) != 0) socket.arm(socket.wanted);
}

}  // namespace leat::http
