#include "engine/http/parsed_url.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "engine/http/url.hpp"

namespace leat::http {

namespace {

// What libcurl neither decodes, encodes nor interprets in a path or query; a dot only in the middle of a
// name.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (const char c :
       std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_~.,;:@!$&'()*+="))
    plain[static_cast<unsigned char>(c)] = true;
  return plain;
}();

bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return kPlain[c]; });
}

}  // namespace

bool ParsedUrl::assign(const std::string& url) {
  if (!base_.empty() && url.starts_with(base_) && assign_rest(url)) return true;
  base_.clear();
  // A new one, since libcurl would take what has no scheme for a link on the page that it holds.
  handle_.reset(curl_url());
  if (!handle_) throw std::bad_alloc();
  // As libcurl itself parses what CURLOPT_URL names.
  constexpr unsigned kFlags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME;
  if (curl_url_set(handle_.get(), CURLUPART_URL, url.c_str(), kFlags) != CURLUE_OK) return false;
  curl_url_set(handle_.get(), CURLUPART_FRAGMENT, nullptr, 0);  // never sent
  base_.assign(url, 0, end_of_authority(url));
  return true;
}

bool ParsedUrl::assign_rest(const std::string& url) {
  const auto mark = std::min(url.find('?', base_.size()), url.size());
  const std::string_view path(url.data() + base_.size(), mark - base_.size());
  const bool has_query = mark < url.size();
  if (!path.starts_with('/') || !is_plain(path) || path.find("/.") != std::string_view::npos) return false;
  const char* whole = url.c_str() + base_.size();
  const char* query = nullptr;
  if (has_query) {
    query = url.c_str() + mark + 1;
    if (*query == '\0' || !is_plain(query)) return false;
    path_.assign(path);
    whole = path_.c_str();
  }
  return curl_url_set(handle_.get(), CURLUPART_PATH, whole, 0) == CURLUE_OK &&
         curl_url_set(handle_.get(), CURLUPART_QUERY, query, 0) == CURLUE_OK;
}

}  // namespace leat::http
