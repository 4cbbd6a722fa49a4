#include "pipelines/record/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace leat::pipelines {

namespace {

void require(int done) {
  if (done != 1) throw std::runtime_error("OpenSSL can't compute a digest");
}

}  // namespace

void Digest::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Digest::Digest(const char* name) : kind_(EVP_get_digestbyname(name)), context_(EVP_MD_CTX_new()) {
  restart();
}

void Digest::restart() { require(EVP_DigestInit_ex(context_.get(), kind_, nullptr)); }

void Digest::update(std::string_view bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string Digest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  require(EVP_DigestFinal_ex(context_.get(), digest.data(), &size));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  restart();
  return hex;
}

void DigestSet::add(DigestKind kind) {
  for (const auto& [own, digest] : digests_) {
    if (own == kind) return;
  }
  digests_.emplace_back(kind, Digest(to_string(kind).data()));
}

Checksums DigestSet::finish() {
  Checksums sums;
  for (auto& [kind, digest] : digests_) sums.put(kind, digest.finish());
  return sums;
}

}  // namespace leat::pipelines
