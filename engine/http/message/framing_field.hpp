#pragma once

#include <string_view>

#include "engine/error.hpp"
#include "engine/http/message/response.hpp"

namespace leat::http {

/// Takes one line of a response's head, where it is a field that says where the body ends (RFC 9112, 6).
///
/// bad_response if it leaves that open: a Content-Length that is no number, or one of 2^63 and more, which
/// libcurl takes for none; a second one that differs; a coding beside chunked that is neither gzip, deflate
/// nor identity, or that stands behind chunked; or a blank between such a field's name and its colon, as in
/// "Content-Length : 5". Of that blank RFC 9112, 5.1, says that it must go; libcurl passes the whole field
/// over instead, and would take any part of the body, or its chunks, for a whole one. Other fields with a
/// blank there are passed over, as in curl. A length that is said several times in one field is that length
/// (RFC 9110, 8.6), and chunked that is said twice is chunked: proxies in front of proxies do that.
[[nodiscard]] Status take_framing_field(std::string_view line, ResponseHead& head);

/// Whether that line is one of these fields.
[[nodiscard]] bool is_framing_field(std::string_view line) noexcept;

}  // namespace leat::http
