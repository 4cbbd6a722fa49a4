#include "engine/http/socket_table.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include "engine/async/uv_handle.hpp"
#include "engine/http/multi_shard.hpp"

namespace leat::http {

struct SocketTable::Socket {
  async::UvHandle<uv_poll_t> poll;
  MultiShard* shard = nullptr;
  curl_socket_t fd = CURL_SOCKET_BAD;
  int wanted = 0;          // UV_READABLE, UV_WRITABLE: what libcurl asks for
  int armed = 0;           // what libuv is asked for
  bool ours = false;       // came from open
  bool connected = false;  // has been readable once

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

void SocketTable::Socket::on_event(int status, int events) {
  if (status < 0) {
    if (wanted == 0) {
      arm(0);
    } else {
      shard->act(fd, CURL_CSELECT_ERR);
    }
    return;
  }
  if ((events & ~wanted) != 0) arm(wanted);
  if ((events & wanted) == 0) return;
  if ((events & UV_READABLE) != 0) connected = true;
  int mask = 0;
  if ((events & UV_READABLE) != 0) mask |= CURL_CSELECT_IN;
  if ((events & UV_WRITABLE) != 0) mask |= CURL_CSELECT_OUT;
  shard->act(fd, mask);
}

SocketTable::~SocketTable() {
  for (Socket* socket : by_fd_) delete socket;
}

curl_socket_t SocketTable::open(const curl_sockaddr& address) {
  const int fd = ::socket(address.family, address.socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address.protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  drop(fd);  // closed behind our back: see the class comment
  const auto index = static_cast<std::size_t>(fd);
  if (index >= by_fd_.size()) by_fd_.resize(index + 64);
  auto socket = std::make_unique<Socket>();
  socket->fd = fd;
  socket->ours = true;
  by_fd_[index] = socket.release();
  return fd;
}

void SocketTable::close(curl_socket_t fd) {
  drop(fd);
  ::close(fd);
}

void SocketTable::drop(curl_socket_t fd) {
  const auto index = static_cast<std::size_t>(fd);
  if (index >= by_fd_.size()) return;
  delete by_fd_[index];
  by_fd_[index] = nullptr;
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
    if (!socket.ours) {
      drop(fd);
    } else if (!socket.connected && socket.poll) {
      socket.poll.reset();
      socket.armed = 0;
    }
    return;
  }
  Socket& socket = socket_of(shard, fd);
  if (!socket.poll) return;  // not pollable: libcurl's time-outs end the transfer
  socket.wanted = 0;
  if ((what & CURL_POLL_IN) != 0) socket.wanted |= UV_READABLE;
  if ((what & CURL_POLL_OUT) != 0) socket.wanted |= UV_WRITABLE;
  if ((socket.wanted & ~socket.armed) != 0) socket.arm(socket.wanted);
}

}  // namespace leat::http
