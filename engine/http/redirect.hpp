#pragma once

#include <string>

#include "engine/error.hpp"
#include "engine/http/transfer.hpp"

namespace leat::http {

/// Turns `hop` into the one that a redirect asks for (RFC 9110, 15.4), `location` being absolute already.
///
/// 303 becomes GET, as do 301 and 302 of a POST; 307 and 308 keep method and body. To another origin every
/// credential and every header of the user's stays behind, unless `trusted`. redirect_refused for anything
/// but http and https, and from https to http unless `trusted`.
[[nodiscard]] Status redirect(Hop& hop, int status, const std::string& location, bool trusted);

[[nodiscard]] Error too_many_redirects(int status, int followed);

}  // namespace leat::http
