#include "tests/support/certificates.hpp"

#include <stdexcept>
#include <utility>

#include "tests/support/process.hpp"

namespace leat::tests {

void openssl(std::vector<std::string> words) {
  words.insert(words.begin(), "openssl");
  const auto run = run_process(words);
  if (run.status != 0) throw std::runtime_error("openssl " + words[1] + ": " + run.err);
}

Certificates::Certificates() {
  openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
           "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key(), "-out",
           certificate()});
  openssl({"pkcs8", "-topk8", "-in", key(), "-out", locked_key(), "-passout", "pass:open sesame"});
  openssl({"genpkey", "-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-out", other_key()});
  openssl({"genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:2048", "-out", rsa_key()});
  openssl(
      {"pkcs12", "-export", "-in", certificate(), "-inkey", key(), "-out", pkcs12(), "-passout", "pass:x"});
  openssl({"x509", "-in", certificate(), "-outform", "der", "-out", der()});
  openssl({"pkey", "-in", key(), "-pubout", "-out", public_key()});
  write_file(both(), read_file(certificate()) + read_file(key()));
  write_file(both_locked(), read_file(certificate()) + read_file(locked_key()));
}

}  // namespace leat::tests
