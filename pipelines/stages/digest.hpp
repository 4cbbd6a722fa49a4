#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;
struct evp_md_st;

namespace leat::pipelines {

/// The digests that there are, by their names: sha256, sha1, md5, sha512.
inline constexpr std::array<std::string_view, 4> kDigests{"sha256", "sha1", "md5", "sha512"};

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

}  // namespace leat::pipelines
