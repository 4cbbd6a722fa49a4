#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string_view>

#include "tests/support/origin/request.hpp"

namespace leat::origin {

/// What a Range header asks for, of a body of known size (RFC 9110, 14.2). Several ranges or a malformed one
/// mean `whole`.
struct RangeAsked {
  enum class Kind { whole, part, unsatisfiable };
  Kind kind = Kind::whole;
  std::uint64_t first = 0;  // the ends of a part, both inclusive
  std::uint64_t last = 0;
};
[[nodiscard]] RangeAsked parse_range(std::string_view header, std::uint64_t size) noexcept;

/// True if an If-None-Match list names the tag, by weak comparison, or is "*" (RFC 9110, 13.1.2).
[[nodiscard]] bool matches_etag(std::string_view list, std::string_view etag) noexcept;

/// The time of a date such as "Thu, 01 Jan 2026 00:00:00 GMT"; nothing for other forms.
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text);

/// True if the conditions of a GET say that the client has this version already, so that the answer is 304.
[[nodiscard]] bool is_not_modified(const Request& request, std::string_view etag,
                                   std::string_view last_modified);

/// True unless If-Range says that Range does not count, by strong comparison (RFC 9110, 13.1.5).
[[nodiscard]] bool passes_if_range(const Request& request, std::string_view etag,
                                   std::string_view last_modified);

}  // namespace leat::origin
