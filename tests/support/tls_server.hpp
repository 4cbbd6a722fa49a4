#pragma once

#include <string>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// `openssl s_server` on a free loopback port, with a certificate of its own for 127.0.0.1, for as long as
/// this lives. It answers every GET with a page about the connection.
class TlsServer {
 public:
  TlsServer();

  /// "https://127.0.0.1:PORT/".
  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + port_ + "/"; }
  /// Its certificate, in PEM.
  [[nodiscard]] std::string certificate() const { return dir_ / "cert.pem"; }

 private:
  static std::string make_certificate(const TempDir& dir);

  TempDir dir_;
  Process process_;
  std::string port_;
};

}  // namespace leat::tests
