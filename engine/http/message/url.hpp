#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::http {

/// The parts of an absolute http or https URL, as written (still percent-encoded), with defaults filled in.
struct Url {
  std::string scheme;  // lower case
  std::string host;    // lower case; IPv6 literals in brackets
  std::string port;    // never empty
  std::string path;    // starts with '/'
  std::string query;   // without '?'
};

/// The cheap check that every URL gets before it is queued. The error is bad_url for blanks, control
/// characters, a missing host, a host over 253 bytes, or a control character in the userinfo, encoded or not.
/// It is unsupported_scheme for anything but http and https. A URL without a scheme is http, as in curl.
[[nodiscard]] Status check_url(std::string_view url);

/// Gives bad_input if a header field holds CR, LF or NUL, or has no name.
[[nodiscard]] Status check_header(std::string_view field);

/// Gives bad_input if it is no token of at most 32 characters (RFC 9110, 5.6.2).
[[nodiscard]] Status check_method(std::string_view method);

/// Splits a URL that check_url accepts.
[[nodiscard]] Result<Url> parse_url(const std::string& url);

/// Gives the place where the path, query or fragment starts, or where the URL ends.
[[nodiscard]] std::size_t end_of_authority(std::string_view url) noexcept;

/// Gives "scheme://host:port" of the URL without userinfo; connections and caps are counted by it.
[[nodiscard]] std::string origin_of(std::string_view url);

/// Gives the URL without its userinfo, so that it may be printed.
[[nodiscard]] std::string without_userinfo(std::string_view url);

/// Gives the URL, with "http://" in front if it has no scheme.
[[nodiscard]] std::string with_scheme(std::string_view url);

/// Gives the URL in the form in which it is sent: with a scheme, without userinfo, and with its bytes beyond
/// ASCII behind the host as %XX. Every other byte stays as it is, because a URL may be signed.
[[nodiscard]] std::string sent_url(std::string_view url);

/// Gives "user:password" of the URL, percent-decoded, if it names a user.
[[nodiscard]] std::optional<std::string> userinfo_of(const std::string& url);

/// Says whether the userinfo has a colon, and so a password, which may be empty.
[[nodiscard]] bool has_password(std::string_view url) noexcept;

}  // namespace leat::http
