#pragma once

#include <string_view>

#include "engine/error.hpp"
#include "engine/http/response.hpp"

namespace leat::http {

/// Takes one line of a response's head, where it is a field that says where the body ends (RFC 9112, 6).
///
/// bad_response if it leaves that open: a Content-Length that is no number, a second one that differs, or a
/// blank between such a field's name and its colon, as in "Content-Length : 5". Of that blank RFC 9112, 5.1,
/// says that it must go; libcurl passes the whole field over instead, and would take any part of the body, or
/// its chunks, for a whole one. Other fields with a blank there are passed over, as in curl.
[[nodiscard]] Status take_framing_field(std::string_view line, ResponseHead& head);

}  // namespace leat::http
