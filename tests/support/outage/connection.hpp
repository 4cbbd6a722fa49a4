#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/outage/options.hpp"

namespace leat::outage {

struct SslDeleter {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};

/// One client's connection: it makes requests of what arrives and sends what it is given; it decides nothing.
///
/// It owns the descriptor and closes it when it is destroyed, with RST after reset_at_end() and else with
/// FIN. One thread.
/// thread.
class Connection {
 public:
  enum class Input { nothing, request, end };

  /// `context` is null if the server has no TLS.
  Connection(int fd, std::uint64_t id, std::string address, SSL_CTX* context);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Reads what has arrived.
  [[nodiscard]] Input read();
  /// The path of the next request that has arrived completely, or empty if there is none. It knows no
  /// requests with bodies.
  [[nodiscard]] std::string next_path();
  /// Sends it, or as much as possible; false if the rest waits for flush().
  bool send(std::string_view bytes);
  bool flush();
  /// Closes only our side.
  void half_close();
  void reset_at_end();

  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  [[nodiscard]] const std::string& address() const noexcept { return address_; }

  unsigned requests = 0;         // what was read so far
  bool answered_well = false;    // the last request came before the fault
  bool waiting = false;          // a request waits for its answer
  std::string path;              // the time of that request
  Ending ending = Ending::keep;  // once everything is sent

 private:
  int fd_;
  std::uint64_t id_;
  std::string address_;  // the time at which it came
  std::unique_ptr<SSL, SslDeleter> ssl_;
  std::string input_;
  std::string output_;
};

}  // namespace leat::outage
