#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace leat::pipelines {

/// SHA-256 of bytes as they come (OpenSSL's EVP).
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  /// Lower-case hex. Starts over.
  std::string finish();
  void restart();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace leat::pipelines
