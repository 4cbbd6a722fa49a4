#include "tests/support/outage/server.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace leat::outage {
namespace {

int make_signal_descriptor() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  sigprocmask(SIG_BLOCK, &wanted, nullptr);
  return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

SSL_CTX* make_tls(const Options& options) {
  if (options.certificate.empty()) return nullptr;
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context, options.certificate.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, options.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    throw std::runtime_error("no use for " + options.certificate + " with " + options.key);
  }
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

std::vector<std::string> where_the_fault_is(const Options& options) {
  return options.fault_host.empty() ? options.hosts : std::vector{options.fault_host};
}

void watch(int epoll, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) != 0) epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

}  // namespace

Server::Server(const Options& options)
    : options_(options),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      signals_(make_signal_descriptor()),
      listeners_(options.port),
      routes_(where_the_fault_is(options)),
      tls_(make_tls(options)) {
  watch(epoll_, signals_, EPOLLIN);
  for (const auto& address : options.hosts) open(address);
  for (const auto& address : options.silent) {
    listeners_.open(address);
    listeners_.fill_queue(address);
  }
  tries_.emplace(port(), options.fault_host);
  if (tries_->fd() >= 0) watch(epoll_, tries_->fd(), EPOLLIN);
  if (options.fault == FaultKind::drop) routes_.lay_wrong_track();
  fault_is_due_ = options.has_fault && options.after == 0;
}

Server::~Server() {
  connections_.clear();
  ::close(signals_);
  ::close(epoll_);
}

void Server::run() {
  std::array<epoll_event, 64> events{};
  while (!stopping_) {
    if (fault_is_due_) begin_fault();
    const int count =
        epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds_to_wait());
    for (int i = 0; i < count; ++i) {
      on_event(events[static_cast<std::size_t>(i)].data.fd, events[static_cast<std::size_t>(i)].events);
      if (fault_is_due_) begin_fault();
    }
    answer_what_is_due();
    close_what_is_idle();
    if (fault_ends_ && Clock::now() >= *fault_ends_) end_fault();
  }
  if (fault_is_on_) count_tries();
}

int Server::milliseconds_to_wait() const {
  std::optional<Clock::time_point> next = fault_ends_;
  if (!due_.empty()) next = next ? std::min(*next, due_.begin()->first) : due_.begin()->first;
  if (!idle_.empty()) next = next ? std::min(*next, idle_.front().until) : idle_.front().until;
  if (!next) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

void Server::on_event(int fd, std::uint32_t events) {
  if (fd == signals_) {
    stopping_ = true;
  } else if (fd == tries_->fd()) {
    tries_->read();
  } else if (const std::string* const address = listeners_.address_of(fd)) {
    accept_from(fd, std::string(*address));
  } else if (const auto found = connections_.find(fd); found != connections_.end()) {
    Connection& connection = *found->second;
    if ((events & EPOLLOUT) == 0) {
      on_readable(connection);
    } else if (connection.flush()) {
      watch(epoll_, fd, EPOLLIN);
      finish(connection);
    }
  }
}

void Server::accept_from(int listener, const std::string& address) {
  while (listeners_.fd(address) == listener &&
         !(has_fault(address, FaultKind::limit) && is_full(address) && options_.beyond == Beyond::queue)) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++report_.connections;
    if (has_fault(address)) ++report_.fault_connections;
    const bool too_many = has_fault(address, FaultKind::limit) && is_full(address);
    auto& connection = connections_[fd];
    connection = std::make_unique<Connection>(fd, ++last_id_, address, tls_.get());
    watch(epoll_, fd, EPOLLIN);
    if (too_many) {
      end(*connection, options_.beyond == Beyond::close ? Ending::close : Ending::reset);
    } else if (has_fault(address, FaultKind::limit) && is_full(address) &&
               options_.beyond >= Beyond::refuse) {
      stop_accepting(address, options_.beyond == Beyond::refuse);
    }
  }
}

void Server::on_readable(Connection& connection) {
  const auto input = connection.read();
  if (input == Connection::Input::end) {
    end(connection, Ending::close);
  } else if (input == Connection::Input::request && !connection.waiting) {
    begin_request(connection, connection.next_path());
  }
}

void Server::begin_request(Connection& connection, std::string path) {
  const std::string& address = connection.address();
  ++report_.requests;
  if (!report_.first_request) report_.first_request = Clock::now();
  if (has_fault(address)) ++(was_in_flight(connection) ? report_.fault_in_flight : report_.fault_requests);
  if (++connection.requests == options_.nth) return end(connection, options_.nth_ending);
  if (has_fault(address, FaultKind::reset)) return end(connection, Ending::reset);
  if (has_fault(address, FaultKind::close)) return end(connection, Ending::close);
  if (has_fault(address, FaultKind::half_close)) return connection.half_close();
  connection.waiting = true;
  connection.path = std::move(path);
  if (has_fault(address, FaultKind::freeze)) return;
  const bool slow = has_fault(address, FaultKind::slow);
  const auto delay = slow ? std::chrono::milliseconds(options_.value) : options_.delay;
  due_.emplace(Clock::now() + delay, std::pair(connection.fd(), connection.id()));
}

void Server::answer_what_is_due() {
  while (!due_.empty() && due_.begin()->first <= Clock::now()) {
    const auto [fd, id] = due_.begin()->second;
    due_.erase(due_.begin());
    const auto found = connections_.find(fd);
    if (found != connections_.end() && found->second->id() == id) answer(*found->second);
    if (fault_is_due_) begin_fault();
  }
}

void Server::answer(Connection& connection) {
  const std::string& address = connection.address();
  if (!connection.waiting || has_fault(address, FaultKind::freeze)) return;
  const bool last = options_.announce || has_fault(address, FaultKind::restart) ||
                    connection.requests == options_.per_connection;
  connection.ending = options_.behind == Ending::keep && last ? Ending::close : options_.behind;
  connection.answered_well = !has_fault(address);
  const bool sent = connection.send(answer_text(connection));
  report_.last_answer = Clock::now();
  if (++report_.answers == options_.after && options_.has_fault) fault_is_due_ = true;
  if (sent) {
    finish(connection);
  } else {
    watch(epoll_, connection.fd(), EPOLLIN | EPOLLOUT);
  }
}

std::string Server::answer_text(Connection& connection) const {
  const std::string& address = connection.address();
  unsigned status = connection.path.starts_with("/broken/") ? 500 : 200;
  if (has_fault(address, FaultKind::status)) status = options_.value;
  const std::string_view more = options_.announce || has_fault(address, FaultKind::restart) ||
                                        connection.requests == options_.per_connection
                                    ? "Connection: close\r\n"
                                    : "";
  const std::string body(options_.body, 'x');
  if (!options_.chunked) {
    return fmt::format("HTTP/1.1 {} Status\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), more,
                       body);
  }
  return fmt::format("HTTP/1.1 {} Status\r\nTransfer-Encoding: chunked\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                     status, more, body.size(), body);
}

void Server::finish(Connection& connection) {
  connection.waiting = false;
  if (connection.ending != Ending::keep) return end(connection, connection.ending);
  std::string path = connection.next_path();
  if (!path.empty()) return begin_request(connection, std::move(path));
  if (options_.idle) {
    idle_.push_back({Clock::now() + *options_.idle, connection.fd(), connection.id(), connection.requests});
  }
}

void Server::close_what_is_idle() {
  while (!idle_.empty() && idle_.front().until <= Clock::now()) {
    const Idle idle = idle_.front();
    idle_.pop_front();
    const auto found = connections_.find(idle.fd);
    if (found == connections_.end() || found->second->id() != idle.id) continue;
    if (found->second->requests == idle.requests) end(*found->second, Ending::close);
  }
}

void Server::end(Connection& connection, Ending ending) {
  if (ending == Ending::reset) connection.reset_at_end();
  const std::string address = connection.address();
  connections_.erase(connection.fd());
  if (has_fault(address, FaultKind::limit) && !is_full(address)) open(address);
}

}  // namespace leat::outage
