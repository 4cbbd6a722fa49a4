#include "engine/http/tls/ca_file.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstddef>
#include <memory>
#include <string_view>

#include "engine/io/standing.hpp"

namespace leat::http {

namespace {

struct BioDeleter {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};

/// A block of a PEM file: what stands between BEGIN and END.
class PemBlock {
 public:
  PemBlock() = default;
  PemBlock(const PemBlock&) = delete;
  PemBlock& operator=(const PemBlock&) = delete;
  ~PemBlock() { clear(); }

  /// Reads the next block of the file; false at its end or where what stands there can't be read.
  bool read(BIO* file) {
    clear();
    return PEM_read_bio(file, &name_, &header_, &bytes_, &size_) == 1;
  }
  [[nodiscard]] bool is_certificate() const {
    const std::string_view name = name_;
    return name == PEM_STRING_X509 || name == PEM_STRING_X509_OLD || name == PEM_STRING_X509_TRUSTED;
  }
  [[nodiscard]] bool can_be_parsed() const {
    const unsigned char* at = bytes_;
    X509* const certificate = d2i_X509(nullptr, &at, size_);
    X509_free(certificate);
    return certificate != nullptr;
  }

 private:
  void clear() noexcept {
    OPENSSL_free(name_);
    OPENSSL_free(header_);
    OPENSSL_free(bytes_);
    name_ = header_ = nullptr;
    bytes_ = nullptr;
  }

  char* name_ = nullptr;
  char* header_ = nullptr;
  unsigned char* bytes_ = nullptr;
  long size_ = 0;
};

}  // namespace

// All blocks are decoded but only the first certificate is parsed: parsing all that systems have takes 35 ms.
Status check_ca_file(const std::string& file) {
  if (io::id_of(file) && !io::can_be_read_again(file)) return std::nullopt;
  const std::unique_ptr<BIO, BioDeleter> bio(BIO_new_file(file.c_str(), "rb"));
  std::size_t certificates = 0;
  bool broken = !bio;
  for (PemBlock block; !broken && block.read(bio.get());) {
    if (block.is_certificate() && certificates++ == 0) broken = !block.can_be_parsed();
  }
  const int reason = ERR_GET_REASON(ERR_peek_last_error());
  ERR_clear_error();
  if (!broken && reason != PEM_R_NO_START_LINE) broken = true;
  if (broken) return Error(Errc::bad_input, file + ": can't be read as certificates in PEM");
  if (certificates == 0) return Error(Errc::bad_input, file + ": holds no certificate in PEM");
  return std::nullopt;
}

}  // namespace leat::http
