#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/http/curl/curl_objects.hpp"

namespace leat::http {

/// A URL as libcurl takes it parsed already (CURLOPT_CURLU), so that it neither parses it nor makes a text of
/// it again, which is a tenth of a small request.
///
/// One that differs from the last only in a plain path and query, or in a plain host and port too, keeps the
/// rest; the outcome is the same as parsing it anew. Loop thread only.
class ParsedUrl {
 public:
  /// False: libcurl can't parse it, and nothing is held.
  [[nodiscard]] bool assign(const std::string& url);
  /// Valid until the next `assign`.
  [[nodiscard]] CURLU* get() const noexcept { return handle_.get(); }

 private:
  [[nodiscard]] bool assign_host(const std::string& url);
  [[nodiscard]] bool assign_rest(const std::string& url);

  CurlUrl handle_;
  std::string base_;             // scheme and authority of what is held, as written; empty: nothing is held
  std::size_t scheme_size_ = 0;  // with "://", if a plain host and port follow; else 0
  std::string host_;             // room for a host
  std::string path_;             // room for a path that a query follows
};

}  // namespace leat::http
