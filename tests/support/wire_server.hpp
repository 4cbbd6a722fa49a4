#pragma once

#include <csignal>
#include <string>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// nginx with TLS, HTTP/2 and a Unix socket, for as long as this lives. Every path answers "PROTOCOL TLS
/// ADDRESS client=NAME", but /to-http redirects to http. At 127.0.0.2 it has at most TLS 1.2.
class WireServer {
 public:
  WireServer();
  WireServer(const WireServer&) = delete;
  WireServer& operator=(const WireServer&) = delete;
  ~WireServer();

  /// Starts new processes that answer, while the old ones close connections that are not in use (nginx -s
  /// reload).
  void reload() const { process_.signal(SIGHUP); }

  [[nodiscard]] const std::string& port() const noexcept { return port_; }
  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const {
    return "https://" + host + ":" + port_ + "/";
  }
  /// For 127.0.0.1, 127.0.0.2, ::1 and wire.test, in PEM.
  [[nodiscard]] std::string certificate() const { return dir_ / "cert.pem"; }
  /// "sha256//BASE64" of its public key.
  [[nodiscard]] std::string pin() const;
  [[nodiscard]] std::string socket() const { return dir_ / "socket"; }
  /// A certificate of CN=client, its key, and the same key locked by the pass phrase "open sesame".
  [[nodiscard]] std::string client_certificate() const { return dir_ / "client.pem"; }
  [[nodiscard]] std::string client_key() const { return dir_ / "client.key"; }
  [[nodiscard]] std::string locked_client_key() const { return dir_ / "locked.key"; }

 private:
  static TempDir& with_keys(TempDir& dir);

  TempDir dir_;
  Process process_;
  std::string port_;
};

}  // namespace leat::tests
