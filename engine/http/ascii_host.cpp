#include "engine/http/ascii_host.hpp"

#include <curl/curl.h>
#include <locale.h>

#include <algorithm>
#include <string_view>

#include "engine/http/curl_objects.hpp"
#include "engine/http/url.hpp"

namespace leat::http {

namespace {

/// libidn2, below libcurl, takes a name to be in the encoding of the thread's locale. In the life of this
/// that is UTF-8, whatever the user's is.
class Utf8Thread {
 public:
  Utf8Thread() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (locale_ != nullptr) before_ = uselocale(locale_);
  }
  Utf8Thread(const Utf8Thread&) = delete;
  Utf8Thread& operator=(const Utf8Thread&) = delete;
  ~Utf8Thread() {
    if (locale_ == nullptr) return;
    uselocale(before_);
    freelocale(locale_);
  }

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

// Empty: it can't be one.
std::string ascii_name(const std::string& name) {
  const CurlUrl handle = make_curl_url();
  if (curl_url_set(handle.get(), CURLUPART_URL, ("http://" + name + "/").c_str(), 0) != CURLUE_OK) return "";
  char* raw = nullptr;
  if (curl_url_get(handle.get(), CURLUPART_HOST, &raw, CURLU_PUNYCODE) != CURLUE_OK) return "";
  const CurlText text(raw);
  return is_ascii(text.get()) ? text.get() : "";
}

}  // namespace

Status make_host_ascii(std::string& url) {
  const std::size_t end = end_of_authority(url);
  const std::string_view before(url.data(), end);
  if (is_ascii(before)) return std::nullopt;
  const auto slashes = before.find("//");
  const std::size_t start = slashes == std::string_view::npos ? 0 : slashes + 2;
  const std::size_t host_end = std::min(before.find(':', start), end);
  const Utf8Thread utf8;
  const std::string name = ascii_name(url.substr(start, host_end - start));
  if (name.empty()) return Error(Errc::bad_url, "the host is no name that can be written in ASCII (IDNA)");
  url.replace(start, host_end - start, name);
  return std::nullopt;
}

}  // namespace leat::http
