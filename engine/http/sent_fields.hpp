#pragma once

#include <string>
#include <string_view>

#include "engine/http/curl/curl_objects.hpp"
#include "engine/http/hop.hpp"

namespace leat::http {

/// Says whether a hop with that luggage sends the field "Name: value".
///
/// Content-Type, Content-Encoding and Content-Language go where the body goes. Other fields about the body
/// (Content-Length and the like, Transfer-Encoding, Expect) need both a body and an origin that gets the
/// user's own fields.
[[nodiscard]] bool goes_along(std::string_view field, const Luggage& luggage) noexcept;

/// Gives the fields of a hop: the client's, the request's own, and those that ask for a part or a version.
/// The values of fields named Cookie go into `cookie` instead, unless that is null.
[[nodiscard]] Slist sent_fields(const curl_slist* common, const Hop& hop, bool compressed,
                                std::string* cookie);

}  // namespace leat::http
