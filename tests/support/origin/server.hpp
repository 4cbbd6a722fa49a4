#pragma once

#include <uv.h>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "tests/support/origin/connection.hpp"
#include "tests/support/origin/counters.hpp"
#include "tests/support/origin/fine_timer.hpp"
#include "tests/support/origin/occurrences.hpp"
#include "tests/support/origin/options.hpp"
#include "tests/support/origin/timings.hpp"

namespace leat::origin {

/// The listening sockets, the connections and their loop. listen() throws std::runtime_error if it can't have
/// an address. run() returns after SIGTERM or SIGINT, with every handle closed.
///
/// One thread.
class Server {
 public:
  explicit Server(const Options& options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  void listen();
  void run();

  [[nodiscard]] uv_loop_t* loop() noexcept { return &loop_; }
  [[nodiscard]] FineTimer& fine_timer() noexcept { return *fine_timer_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string address() const;  // "127.0.0.1:8080" or "[::1]:8080"

  void forget(Connection& connection) { connections_.erase(&connection); }

 private:
  static void on_connection(uv_stream_t* listener, int status);
  static void on_signal(uv_signal_t* signal, int number);

  void listen_on(const std::string& host);
  void stop();

  const Options& options_;
  uv_loop_t loop_{};
  uv_signal_t on_term_{};
  uv_signal_t on_int_{};
  std::list<uv_tcp_t> listeners_;
  std::uint16_t port_ = 0;
  bool stopping_ = false;
  Counters counters_;
  Occurrences occurrences_;
  RobotsAnswer robots_;
  Timings timings_;
  std::optional<FineTimer> fine_timer_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
};

}  // namespace leat::origin
