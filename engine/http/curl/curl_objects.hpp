#pragma once

#include <curl/curl.h>

#include <initializer_list>
#include <memory>

namespace leat::http {

/// An owner for each thing that libcurl makes, and the only place that asks libcurl to make it.
///
/// Every function here initialises libcurl first, once in the process and from any thread: it is what gives
/// libcurl its allocator (curl_memory.hpp), so a thing made before that and freed after it would go back to
/// another allocator than it came from. They throw std::bad_alloc where there is no memory.
struct EasyDeleter {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct MultiDeleter {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
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

using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
/// A list of header fields or other texts.
using Slist = std::unique_ptr<curl_slist, SlistDeleter>;
/// What several easy handles share. One thread.
using Share = std::unique_ptr<CURLSH, ShareDeleter>;
/// A parsed URL.
using CurlUrl = std::unique_ptr<CURLU, UrlDeleter>;
/// A text that libcurl made.
using CurlText = std::unique_ptr<char, CurlFree>;

[[nodiscard]] Easy make_easy();
[[nodiscard]] Multi make_multi();
[[nodiscard]] Share make_share(std::initializer_list<curl_lock_data> of);
[[nodiscard]] CurlUrl make_curl_url();
/// Appends a copy of `text` to the list.
void append(Slist& list, const char* text);

}  // namespace leat::http
