#include "tests/support/origin/server.hpp"

#include <csignal>
#include <stdexcept>

namespace leat::origin {
namespace {

constexpr int kBacklog = 4096;

void check(int status, const std::string& what) {
  if (status < 0) throw std::runtime_error(what + ": " + uv_strerror(status));
}

void parse_address(const std::string& host, std::uint16_t port, sockaddr_storage& address) {
  if (uv_ip4_addr(host.c_str(), port, reinterpret_cast<sockaddr_in*>(&address)) == 0) return;
  check(uv_ip6_addr(host.c_str(), port, reinterpret_cast<sockaddr_in6*>(&address)), "host " + host);
}

std::uint16_t bound_port(const uv_tcp_t& listener) {
  sockaddr_storage address{};
  int size = sizeof address;
  check(uv_tcp_getsockname(&listener, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                                             : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

void close_handle(uv_handle_t* handle) {
  if (!uv_is_closing(handle)) uv_close(handle, nullptr);
}

}  // namespace

Server::Server(const Options& options)
    : options_(options), port_(options.port), counters_(options.count_paths) {
  check(uv_loop_init(&loop_), "loop");
  fine_timer_.emplace(&loop_);
  for (uv_signal_t* signal : {&on_term_, &on_int_}) {
    uv_signal_init(&loop_, signal);
    signal->data = this;
  }
  uv_signal_start(&on_term_, on_signal, SIGTERM);
  uv_signal_start(&on_int_, on_signal, SIGINT);
}

Server::~Server() {
  stop();
  uv_run(&loop_, UV_RUN_DEFAULT);
  uv_loop_close(&loop_);
}

void Server::listen() {
  for (const std::string& host : options_.hosts) listen_on(host);
}

void Server::run() { uv_run(&loop_, UV_RUN_DEFAULT); }

std::string Server::address() const {
  const std::string& host = options_.hosts.front();
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port_);
}

/// With port 0 the system chooses a port for the first address, and the others use the same one.
void Server::listen_on(const std::string& host) {
  sockaddr_storage address{};
  parse_address(host, port_, address);
  uv_tcp_t& listener = listeners_.emplace_back();
  uv_tcp_init(&loop_, &listener);
  listener.data = this;
  const unsigned flags = address.ss_family == AF_INET6 ? UV_TCP_IPV6ONLY : 0;
  check(uv_tcp_bind(&listener, reinterpret_cast<sockaddr*>(&address), flags), "bind " + host);
  check(uv_listen(reinterpret_cast<uv_stream_t*>(&listener), kBacklog, on_connection), "listen " + host);
  port_ = bound_port(listener);
}

void Server::on_connection(uv_stream_t* listener, int status) {
  if (status < 0) return;
  Server& server = *static_cast<Server*>(listener->data);
  auto connection = std::make_unique<Connection>(server, Services{.counters = server.counters_,
                                                                  .occurrences = server.occurrences_,
                                                                  .timings = server.timings_,
                                                                  .robots = server.robots_});
  Connection* key = connection.get();
  server.connections_.emplace(key, std::move(connection));
  if (!key->accept_from(listener)) key->close();
}

void Server::on_signal(uv_signal_t* signal, int /*number*/) { static_cast<Server*>(signal->data)->stop(); }

void Server::stop() {
  if (stopping_) return;
  stopping_ = true;
  for (uv_tcp_t& listener : listeners_) close_handle(reinterpret_cast<uv_handle_t*>(&listener));
  for (uv_signal_t* signal : {&on_term_, &on_int_}) close_handle(reinterpret_cast<uv_handle_t*>(signal));
  for (const auto& [connection, owned] : connections_) connection->close();
  fine_timer_->close();
}

}  // namespace leat::origin
