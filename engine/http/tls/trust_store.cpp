#include "engine/http/tls/trust_store.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace leat::http {

void TrustStore::StoreDeleter::operator()(x509_store_st* store) const noexcept { X509_STORE_free(store); }

void TrustStore::attach(CURL* handle) {
  if (curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, &TrustStore::on_context) != CURLE_OK) return;
  curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, this);
  curl_easy_setopt(handle, CURLOPT_CAINFO, static_cast<char*>(nullptr));
}

bool TrustStore::load() {
  if (store_) return true;
  if (file_.empty()) {
    const char* system = curl_version_info(CURLVERSION_NOW)->cainfo;
    if (system == nullptr) return false;
    file_ = system;
  }
  store_.reset(X509_STORE_new());
  const bool loaded = store_ && X509_STORE_load_file(store_.get(), file_.c_str()) == 1 &&
                      (folder_.empty() || X509_STORE_load_path(store_.get(), folder_.c_str()) == 1);
  if (!loaded) {
    store_.reset();
    return false;
  }
  // libcurl does the same: a certificate in the store is trusted even if it is not a root.
  X509_STORE_set_flags(store_.get(), X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  return true;
}

CURLcode TrustStore::on_context(CURL*, void* context, void* self) {
  const bool applied = static_cast<TrustStore*>(self)->apply(static_cast<SSL_CTX*>(context));
  return applied ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

bool TrustStore::apply(ssl_ctx_st* context) {
  if (!load()) return false;
  SSL_CTX_set1_cert_store(context, store_.get());
  return true;
}

}  // namespace leat::http
