#pragma once

#include <curl/curl.h>

#include <memory>
#include <new>

namespace leat::http {

/// How libcurl's objects are freed.
struct EasyDeleter {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct SlistDeleter {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
struct ShareDeleter {
  void operator()(CURLSH* share) const noexcept { curl_share_cleanup(share); }
};
struct UrlDeleter {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
struct CurlFree {
  void operator()(char* text) const noexcept { curl_free(text); }
};

/// The owner of a list of header fields, of a share, of a parsed URL, of a text that libcurl made.
using Slist = std::unique_ptr<curl_slist, SlistDeleter>;
using Share = std::unique_ptr<CURLSH, ShareDeleter>;
using CurlUrl = std::unique_ptr<CURLU, UrlDeleter>;
using CurlText = std::unique_ptr<char, CurlFree>;

/// The owner of a libcurl easy handle. Not in a multi handle when it is destroyed. One thread at a time.
class EasyHandle {
 public:
  EasyHandle() : handle_(curl_easy_init()) {
    if (!handle_) throw std::bad_alloc();
  }

  [[nodiscard]] CURL* get() const noexcept { return handle_.get(); }

  template <class T>
  void set(CURLoption option, T value) noexcept {
    curl_easy_setopt(handle_.get(), option, value);
  }

  /// A number that libcurl keeps of the last transfer.
  template <class T>
  [[nodiscard]] T info(CURLINFO what) const noexcept {
    T value{};
    curl_easy_getinfo(handle_.get(), what, &value);
    return value;
  }

 private:
  std::unique_ptr<CURL, EasyDeleter> handle_;
};

}  // namespace leat::http
