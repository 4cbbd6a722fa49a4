#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "engine/http/curl/curl_objects.hpp"
#include "engine/http/message/url.hpp"

namespace leat::http {

/// A URL that libcurl takes in parsed form (CURLOPT_CURLU), so that it neither parses it nor makes a text of
/// it again; that would be a tenth of a small request.
///
/// If the new URL differs from the last one only in a plain path and query, or also in a plain host and port,
/// the rest is kept; the outcome is the same as if it were parsed anew. Loop thread only.
class ParsedUrl {
 public:
  /// Gives false if libcurl can't parse it; then nothing is held. With `as_is`, which is the same for all
  /// URLs of one ParsedUrl, the path keeps its dot segments.
  [[nodiscard]] bool assign(const Url& url, bool as_is = false);
  /// Gives the request's target for what is held, the `url` of the last `assign`, if libcurl would send
  /// another one; else it is empty. Since 8.8 libcurl drops the '?' of an empty query.
  [[nodiscard]] std::string target_kept_from(const Url& url) const;
  /// It is valid until the next `assign`.
  [[nodiscard]] CURLU* get() const noexcept { return handle_.get(); }

 private:
  [[nodiscard]] bool assign_host(const Url& url);
  [[nodiscard]] bool assign_rest(const Url& url);

  CurlUrl handle_;
  std::string base_;       // scheme and authority of what is held, as written; empty if nothing is
  bool is_plain_ = false;  // libcurl took scheme, host and port of it as they stand
  std::string text_;       // buffer for a part that needs a NUL byte behind it
};

}  // namespace leat::http
