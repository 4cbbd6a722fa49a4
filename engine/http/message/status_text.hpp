#pragma once

#include <string>
#include <string_view>

namespace leat::http {

/// Gives the registered reason phrase of a status (RFC 9110 section 15, and IANA's registry); empty if it has
/// none.
[[nodiscard]] std::string_view reason_of(int status) noexcept;

/// Gives "HTTP 404 Not Found" or "HTTP 599".
[[nodiscard]] std::string status_text(int status);

}  // namespace leat::http
