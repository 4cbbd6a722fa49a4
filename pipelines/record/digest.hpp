#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipelines/record/checksum.hpp"

struct evp_md_ctx_st;
struct evp_md_st;

namespace leat::pipelines {

/// A digest of bytes as they come (OpenSSL's EVP).
class Digest {
 public:
  /// One of kDigests.
  explicit Digest(const char* name = "sha256");
  void update(std::string_view bytes);
  /// Lower-case hex. Starts over.
  std::string finish();
  void restart();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  const evp_md_st* kind_;
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Several digests of the same bytes; mostly none.
class DigestSet {
 public:
  /// Of that kind, too, from here on.
  void add(DigestKind kind);
  void update(std::string_view bytes) {
    for (auto& [kind, digest] : digests_) digest.update(bytes);
  }
  void restart() {
    for (auto& [kind, digest] : digests_) digest.restart();
  }
  /// All of them. Starts over.
  [[nodiscard]] Checksums finish();
  [[nodiscard]] bool empty() const noexcept { return digests_.empty(); }

 private:
  std::vector<std::pair<DigestKind, Digest>> digests_;
};

}  // namespace leat::pipelines
