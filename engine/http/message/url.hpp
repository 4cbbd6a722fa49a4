#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::http {

/// The parts of an absolute http or https URL, as written (still percent-encoded), defaults filled in.
struct Url {
  std::string scheme;  // lower case
  std::string host;    // lower case; IPv6 literals in brackets
  std::string port;    // never empty
  std::string path;    // starts with '/'
  std::string query;   // without '?'
};

/// The cheap check that every URL gets before it is queued: bad_url for blanks, control characters, no host,
/// a host over 253 bytes, a control character in the userinfo, encoded or not; unsupported_scheme for
/// anything but http and https. A URL without a scheme is http, as in curl.
[[nodiscard]] Status check_url(std::string_view url);

/// bad_input for a header field that holds CR, LF or NUL, or has no name.
[[nodiscard]] Status check_header(std::string_view field);

/// bad_input for what is no token of at most 32 characters (RFC 9110, 5.6.2).
[[nodiscard]] Status check_method(std::string_view method);

/// Splits a URL that check_url accepts.
[[nodiscard]] Result<Url> parse_url(const std::string& url);

/// Where the path, query or fragment starts, or the URL ends.
[[nodiscard]] std::size_t end_of_authority(std::string_view url) noexcept;

/// "scheme://host:port" of the URL, without userinfo: what connections and caps are counted by.
[[nodiscard]] std::string origin_of(std::string_view url);

/// The URL with the userinfo part, if there is one, taken out: what may be printed.
[[nodiscard]] std::string without_userinfo(std::string_view url);

/// The URL with "http://" in front if it has no scheme.
[[nodiscard]] std::string with_scheme(std::string_view url);

/// The URL as it is asked for: with a scheme, without userinfo, its bytes beyond ASCII behind the host as
/// %XX. Every other byte stays as it is, since a URL may be signed.
[[nodiscard]] std::string sent_url(std::string_view url);

/// "user:password" of the URL, percent-decoded, if it names a user.
[[nodiscard]] std::optional<std::string> userinfo_of(const std::string& url);

/// Whether the userinfo has a colon, and so a password, if only an empty one.
[[nodiscard]] bool has_password(std::string_view url) noexcept;

}  // namespace leat::http
