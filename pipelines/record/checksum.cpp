#include "pipelines/record/checksum.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "engine/text/ascii.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::size_t, kDigests.size()> kSizes{64, 40, 32, 128};

}  // namespace

std::optional<DigestKind> digest_kind(std::string_view name) noexcept {
  const auto found = std::find(kDigests.begin(), kDigests.end(), name);
  if (found == kDigests.end()) return std::nullopt;
  return static_cast<DigestKind>(found - kDigests.begin());
}

std::size_t hex_size(DigestKind kind) noexcept { return kSizes[static_cast<std::size_t>(kind)]; }

std::optional<DigestKind> kind_of_size(std::size_t digits) noexcept {
  const auto found = std::find(kSizes.begin(), kSizes.end(), digits);
  if (found == kSizes.end()) return std::nullopt;
  return static_cast<DigestKind>(found - kSizes.begin());
}

std::optional<std::string> checksum_hex(DigestKind kind, std::string_view text) {
  if (text.size() != hex_size(kind)) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return text::hex_digit(c) >= 0; })) {
    return std::nullopt;
  }
  return text::to_lower(text);
}

void Checksums::put(DigestKind kind, std::string hex) {
  std::erase_if(all_, [kind](const Checksum& sum) { return sum.kind == kind; });
  if (!hex.empty()) all_.push_back({kind, std::move(hex)});
}

std::string_view Checksums::find(DigestKind kind) const noexcept {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [kind](const Checksum& sum) { return sum.kind == kind; });
  return found == all_.end() ? std::string_view() : std::string_view(found->hex);
}

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
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex.append(text::hex_of(digest[i]).data(), 2);
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
