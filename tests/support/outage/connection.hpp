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

/// One client's connection: turns what arrives into requests and sends what it is given; it decides nothing.
///
/// Owns the descriptor and closes it when destroyed: with RST after reset_at_end(), else with FIN. One
/// thread.
class Connection {
 public:
  enum class Input { nothing, request, end };

  /// `context` is null where the server speaks no TLS.
  Connection(int fd, std::uint64_t id, std::string address, SSL_CTX* context);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Reads what is there.
  [[nodiscard]] Input read();
  /// The path of the next request that is there whole; empty: there is none. Requests with bodies are not
  /// known.
  [[nodiscard]] std::string next_path();
  /// Sends it, or as much as goes; false: the rest waits for flush().
  bool send(std::string_view bytes);
  bool flush();
  /// Closes our side only.
  void half_close();
  void reset_at_end();

  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  [[nodiscard]] const std::string& address() const noexcept { return address_; }

  unsigned requests = 0;         // read so far
  bool answered_well = false;    // the last request was, before the fault
  bool waiting = false;          // a request waits for its answer
  std::string path;              // of that request
  Ending ending = Ending::keep;  // once all is sent

 private:
  int fd_;
  std::uint64_t id_;
  std::string address_;  // at which it came
  std::unique_ptr<SSL, SslDeleter> ssl_;
  std::string input_;
  std::string output_;
};

}  // namespace leat::outage
