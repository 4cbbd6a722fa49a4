#pragma once

#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// Runs openssl(1); throws if it fails.
void openssl(std::vector<std::string> words);

/// A certificate for 127.0.0.1 with its key, and what else somebody may take for them, each in a file; made
/// when it is constructed.
class Certificates {
 public:
  Certificates();

  [[nodiscard]] std::string certificate() const { return dir_ / "cert.pem"; }
  [[nodiscard]] std::string key() const { return dir_ / "key.pem"; }
  /// The same key behind the pass phrase "open sesame".
  [[nodiscard]] std::string locked_key() const { return dir_ / "locked.pem"; }
  /// Certificate and key in one file, and certificate and locked key.
  [[nodiscard]] std::string both() const { return dir_ / "both.pem"; }
  [[nodiscard]] std::string both_locked() const { return dir_ / "both_locked.pem"; }
  /// A key of nobody's certificate: of the same kind, and of another.
  [[nodiscard]] std::string other_key() const { return dir_ / "other.pem"; }
  [[nodiscard]] std::string rsa_key() const { return dir_ / "rsa.pem"; }
  /// Certificate and key as PKCS #12, the certificate in DER, its public key in PEM.
  [[nodiscard]] std::string pkcs12() const { return dir_ / "both.p12"; }
  [[nodiscard]] std::string der() const { return dir_ / "cert.der"; }
  [[nodiscard]] std::string public_key() const { return dir_ / "public.pem"; }
  /// A file with that text.
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    write_file(dir_ / name, text);
    return dir_ / name;
  }

 private:
  TempDir dir_;
};

}  // namespace leat::tests
