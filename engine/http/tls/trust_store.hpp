#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <utility>

struct ssl_ctx_st;
struct x509_store_st;

namespace leat::http {

/// The certificates that a Client trusts servers by, for all its TLS connections.
///
/// libcurl 7.88 reads them again for each multi handle, which takes 26 ms and half a megabyte or more. Here
/// they are read once, when the first connection needs them. Loop thread only. Outlives the handles that use
/// it.
class TrustStore {
 public:
  /// `file` holds certificates in PEM; if it is empty, those of the system are used. `folder` has more of
  /// them, by their hashes (openssl-rehash); it may be empty.
  explicit TrustStore(std::string file, std::string folder = "")
      : file_(std::move(file)), folder_(std::move(folder)) {}

  /// Makes the handle use it. If libcurl is not built on OpenSSL, it goes on reading the system's itself.
  void attach(CURL* handle);
  /// Call it from inside CURLOPT_SSL_CTX_FUNCTION by those who set it themselves. Gives false if the
  /// certificates can't be read.
  [[nodiscard]] bool apply(ssl_ctx_st* context);

 private:
  struct StoreDeleter {
    void operator()(x509_store_st* store) const noexcept;
  };
  static CURLcode on_context(CURL* handle, void* context, void* self);
  bool load();

  std::string file_;
  std::string folder_;
  std::unique_ptr<x509_store_st, StoreDeleter> store_;
};

}  // namespace leat::http
