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

/// Appends the field "Name: value" to a list for libcurl. libcurl leaves a field out if it is written as
/// "Name:", but 7.88 to 8.14 compare "Host:" by case and with what is behind it. So a Host is always named
/// so, and one with a blank value is given as "Host:".
void append_field(Slist& list, const char* field);

/// Gives the fields of a hop: the client's, the request's own, and those that ask for a part or a version.
/// The values of fields named Cookie go into `cookie` instead, unless that is null.
[[nodiscard]] Slist sent_fields(const curl_slist* common, const Hop& hop, bool compressed,
                                std::string* cookie);

/// Appends User-Agent, unless that is empty, and "Accept: */*" to a list that has no field of that name.
/// libcurl would add them itself, but 7.88 writes its own fields byte by byte and twice for each request.
void append_defaults(Slist& list, std::string_view user_agent);

}  // namespace leat::http
