#include "engine/http/curl/curl_objects.hpp"

#include <new>
#include <stdexcept>

#include "engine/http/curl/curl_memory.hpp"

namespace leat::http {

namespace {

void ensure_global() {
  static const CURLcode code =
      curl_global_init_mem(CURL_GLOBAL_DEFAULT, curl_memory_malloc, curl_memory_free, curl_memory_realloc,
                           curl_memory_strdup, curl_memory_calloc);
  if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
}

template <class Owner>
Owner checked(Owner owner) {
  if (!owner) throw std::bad_alloc();
  return owner;
}

}  // namespace

Easy make_easy() {
  ensure_global();
  return checked(Easy(curl_easy_init()));
}

Multi make_multi() {
  ensure_global();
  return checked(Multi(curl_multi_init()));
}

Share make_share(std::initializer_list<curl_lock_data> of) {
  ensure_global();
  Share share = checked(Share(curl_share_init()));
  for (const curl_lock_data data : of) curl_share_setopt(share.get(), CURLSHOPT_SHARE, data);
  return share;
}

CurlUrl make_curl_url() {
  ensure_global();
  return checked(CurlUrl(curl_url()));
}

void append(Slist& list, const char* text) {
  ensure_global();
  curl_slist* const longer = curl_slist_append(list.get(), text);
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());  // `longer` begins with it
  list.reset(longer);
}

}  // namespace leat::http
