#include "engine/http/message/url_parts.hpp"

#include "engine/http/curl/curl_objects.hpp"
#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

std::string take(CURLU* handle, CURLUPart part, unsigned flags = 0) {
  char* raw = nullptr;
  if (curl_url_get(handle, part, &raw, flags) != CURLUE_OK) return {};
  const CurlText text(raw);
  return text.get();
}

}  // namespace

Result<UrlParts> parse_url(const std::string& url) {
  const CurlUrl handle = make_curl_url();
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_DEFAULT_SCHEME);
  if (code != CURLUE_OK) return Error(Errc::bad_url, curl_url_strerror(code));
  UrlParts parts;
  parts.scheme = text::to_lower(take(handle.get(), CURLUPART_SCHEME));
  // libcurl would guess it from names such as ftp.example.org.
  if (!Url::split(url).has_scheme()) parts.scheme = "http";
  parts.host = text::to_lower(take(handle.get(), CURLUPART_HOST));
  parts.port = take(handle.get(), CURLUPART_PORT);
  if (parts.port.empty()) parts.port = parts.scheme == "https" ? "443" : "80";
  parts.path = take(handle.get(), CURLUPART_PATH);
  parts.query = take(handle.get(), CURLUPART_QUERY);
  return parts;
}

std::optional<std::string> userinfo_of(const Url& url) {
  if (!url.has_userinfo()) return std::nullopt;
  const CurlUrl handle = make_curl_url();
  if (curl_url_set(handle.get(), CURLUPART_URL, url.text().c_str(), CURLU_DEFAULT_SCHEME) != CURLUE_OK)
    return std::nullopt;
  return take(handle.get(), CURLUPART_USER, CURLU_URLDECODE) + ":" +
         take(handle.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
}

}  // namespace leat::http
