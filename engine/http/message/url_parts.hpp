#pragma once

#include <optional>
#include <string>

#include "engine/error.hpp"
#include "engine/http/message/url.hpp"

namespace leat::http {

/// The parts of an absolute http or https URL as libcurl understands it: still percent-encoded, but with "."
/// and ".." resolved, addresses in their usual form and defaults filled in. For names and for comparing
/// hosts; a request is sent to what the Url says.
struct UrlParts {
  std::string scheme;  // lower case
  std::string host;    // lower case; IPv6 literals in brackets
  std::string port;    // never empty
  std::string path;    // starts with '/'
  std::string query;   // without '?'
};

/// Gives the parts of a URL that check_url accepts.
[[nodiscard]] Result<UrlParts> parse_url(const std::string& url);

/// Gives "user:password" of the URL, percent-decoded, if it names a user.
[[nodiscard]] std::optional<std::string> userinfo_of(const Url& url);

}  // namespace leat::http
