#pragma once

#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace leat::tests {

/// Runs openssl(1); throws if it fails.
void openssl(std::vector<std::string> words);

/// Makes a certificate for 127.0.0.1 with its key, and other files that somebody may take for them, each in a
/// file of its own.
class Certificates {
 public:
  Certificates();

  [[nodiscard]] std::string certificate() const { return dir_ / "cert.pem"; }
  [[nodiscard]] std::string key() const { return dir_ / "key.pem"; }
  /// The same key, locked by the pass phrase "open sesame".
  [[nodiscard]] std::string locked_key() const { return dir_ / "locked.pem"; }
  /// Certificate and key in one file, and certificate and locked key in another.
  [[nodiscard]] std::string both() const { return dir_ / "both.pem"; }
  [[nodiscard]] std::string both_locked() const { return dir_ / "both_locked.pem"; }
  /// Keys that belong to no certificate: one of the same kind, and one of another kind.
  [[nodiscard]] std::string other_key() const { return dir_ / "other.pem"; }
  [[nodiscard]] std::string rsa_key() const { return dir_ / "rsa.pem"; }
  /// Certificate and key as PKCS #12, the certificate in DER, and its public key in PEM.
  [[nodiscard]] std::string pkcs12() const { return dir_ / "both.p12"; }
  [[nodiscard]] std::string der() const { return dir_ / "cert.der"; }
  [[nodiscard]] std::string public_key() const { return dir_ / "public.pem"; }
  /// Makes a file with that text.
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    write_file(dir_ / name, text);
    return dir_ / name;
  }

 private:
  TempDir dir_;
};

}  // namespace leat::tests
