#pragma once

#include <string>
#include <string_view>

namespace leat::http {

/// The registered reason phrase of a status (RFC 9110 section 15, and IANA's registry); empty if it has none.
[[nodiscard]] std::string_view reason_of(int status) noexcept;

/// "HTTP 404 Not Found", "HTTP 599".
[[nodiscard]] std::string status_text(int status);

}  // namespace leat::http
