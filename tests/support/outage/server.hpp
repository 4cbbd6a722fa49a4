#pragma once

#include <csignal>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "tests/support/outage/connection.hpp"
#include "tests/support/outage/listeners.hpp"
#include "tests/support/outage/options.hpp"
#include "tests/support/outage/report.hpp"
#include "tests/support/outage/routes.hpp"
#include "tests/support/outage/tries.hpp"

namespace leat::outage {

/// Answers requests until the fault begins, then does what the fault says until that ends.
///
/// The constructor throws std::runtime_error if it can't listen. run() returns after SIGTERM or SIGINT, which
/// the constructor blocks. One thread, one epoll.
class Server {
 public:
  explicit Server(const Options& options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  void run();

  [[nodiscard]] std::uint16_t port() const noexcept { return listeners_.port(); }
  [[nodiscard]] const Report& report() const noexcept { return report_; }

 private:
  /// A connection that is closed if it has no further request until then.
  struct Idle {
    Clock::time_point until;
    int fd;
    std::uint64_t id;
    unsigned requests;
  };

  // The functions for the life of a connection.
  void on_event(int fd, std::uint32_t events);
  void accept_from(int listener, const std::string& address);
  void on_readable(Connection& connection);
  void begin_request(Connection& connection, std::string path);
  void answer(Connection& connection);
  void finish(Connection& connection);
  void end(Connection& connection, Ending ending);
  void answer_what_is_due();
  void close_what_is_idle();
  [[nodiscard]] std::string answer_text(Connection& connection) const;
  [[nodiscard]] int milliseconds_to_wait() const;

  // The functions for the fault.
  [[nodiscard]] bool has_fault(const std::string& address) const;
  [[nodiscard]] bool has_fault(const std::string& address, FaultKind kind) const;
  [[nodiscard]] bool was_in_flight(Connection& connection) const;
  void begin_fault();
  void apply_fault();
  void end_fault();
  void end_connections(Ending ending, bool idle_only);
  void open(const std::string& address);
  void stop_accepting(const std::string& address, bool refuse);
  [[nodiscard]] bool is_full(const std::string& address) const;
  void count_tries();

  const Options& options_;
  int epoll_;
  int signals_;
  bool stopping_ = false;
  Listeners listeners_;
  Routes routes_;
  std::optional<Tries> tries_;
  std::unique_ptr<SSL_CTX, SslDeleter> tls_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::uint64_t last_id_ = 0;
  std::multimap<Clock::time_point, std::pair<int, std::uint64_t>>
      due_;  // the answers that are due, by descriptor and id
  std::deque<Idle> idle_;

  Report report_;
  bool fault_is_due_ = false;
  bool fault_is_on_ = false;
  std::optional<Clock::time_point> fault_ends_;
  std::uint64_t tries_before_ = 0;
};

}  // namespace leat::outage
