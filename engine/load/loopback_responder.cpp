#include "engine/load/loopback_responder.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace leat::load {

namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr std::string_view kEnd = "\r\n\r\n";

Error failed(const char* what) {
  Error error(Errc::internal, std::string("--calibrate: ") + what + ": " + std::strerror(errno));
  error.os_errno = errno;
  return error;
}

bool watch(int poller, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  return epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) == 0;
}

/// How much of the empty line that ends a request was seen on a connection.
using Progress = std::unordered_map<int, std::size_t>;

// Answers are so short that a socket takes them, unless its client has stopped reading.
bool answer(int fd, std::size_t& seen) {
  std::array<char, 16384> bytes{};
  const ssize_t size = recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (size == 0) return false;
  std::string answers;
  for (const char c : std::string_view(bytes.data(), static_cast<std::size_t>(size))) {
    seen = c == kEnd[seen] ? seen + 1 : c == '\r' ? 1 : 0;
    if (seen < kEnd.size()) continue;
    seen = 0;
    answers += kAnswer;
  }
  return answers.empty() || send(fd, answers.data(), answers.size(), MSG_DONTWAIT | MSG_NOSIGNAL) ==
                                static_cast<ssize_t>(answers.size());
}

void accept_all(int listener, int poller, Progress& connections) {
  for (;;) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (watch(poller, fd)) {
      connections[fd] = 0;
    } else {
      close(fd);
    }
  }
}

}  // namespace

LoopbackResponder::Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

LoopbackResponder::Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Result<std::unique_ptr<LoopbackResponder>> LoopbackResponder::start() {
  Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  Descriptor poller(epoll_create1(EPOLL_CLOEXEC));
  Descriptor stop(eventfd(0, EFD_CLOEXEC));
  if (listener.get() < 0 || poller.get() < 0 || stop.get() < 0) return failed("a descriptor");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener.get(), any, size) != 0 || listen(listener.get(), SOMAXCONN) != 0 ||
      getsockname(listener.get(), any, &size) != 0) {
    return failed("a port on loopback");
  }
  if (!watch(poller.get(), listener.get()) || !watch(poller.get(), stop.get())) return failed("epoll");
  const std::uint16_t port = ntohs(address.sin_port);
  return std::unique_ptr<LoopbackResponder>(
      new LoopbackResponder(std::move(listener), std::move(poller), std::move(stop), port));
}

LoopbackResponder::LoopbackResponder(Descriptor listener, Descriptor poller, Descriptor stop,
                                     std::uint16_t port)
    : listener_(std::move(listener)), poller_(std::move(poller)), stop_(std::move(stop)), port_(port) {
  thread_ = std::thread([this] { work(); });
}

LoopbackResponder::~LoopbackResponder() {
  eventfd_write(stop_.get(), 1);
  thread_.join();
}

std::string LoopbackResponder::url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

void LoopbackResponder::work() {
  sigset_t all;  // the loop handles signals
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  Progress connections;
  std::array<epoll_event, 256> events{};
  for (bool stopped = false; !stopped;) {
    const int ready = epoll_wait(poller_.get(), events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd == stop_.get()) {
        stopped = true;
      } else if (fd == listener_.get()) {
        accept_all(fd, poller_.get(), connections);
      } else if (!answer(fd, connections[fd])) {
        connections.erase(fd);
        close(fd);
      }
    }
  }
  for (const auto& [fd, seen] : connections) close(fd);
}

}  // namespace leat::load
