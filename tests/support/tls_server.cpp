#include "tests/support/tls_server.hpp"

#include <stdexcept>

namespace leat::tests {

std::string TlsServer::make_certificate(const TempDir& dir) {
  const auto made =
      run_process({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                   "-nodes", "-days", "2", "-subj", "/CN=leat test", "-addext", "subjectAltName=IP:127.0.0.1",
                   "-keyout", dir / "key.pem", "-out", dir / "cert.pem"});
  if (made.status != 0) throw std::runtime_error("openssl req: " + made.err);
  return dir / "cert.pem";
}

TlsServer::TlsServer()
    : process_({"openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", make_certificate(dir_),
                "-key", dir_ / "key.pem"}) {
  const std::string said = "ACCEPT 127.0.0.1:";
  while (const auto line = process_.read_line()) {
    if (!line->starts_with(said)) continue;
    port_ = line->substr(said.size());
    return;
  }
  throw std::runtime_error("openssl s_server did not start");
}

}  // namespace leat::tests
