#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/http/hop.hpp"
#include "engine/http/message/response.hpp"

namespace leat::http {

/// Whether an answer of this status with a Location leads elsewhere (RFC 9110, 15.4). 304 to 306 don't.
[[nodiscard]] bool is_redirect(int status) noexcept;

/// Where the Location of an answer from `base` leads: absolute, blanks in it as %20, every other byte as it
/// came. redirect_refused for control characters in it, and for what is no URL of http or https.
[[nodiscard]] Result<std::string> redirect_target(const std::string& base, int status,
                                                  std::string_view location);

/// Turns `hop` into the one that a redirect asks for (RFC 9110, 15.4), `location` being absolute already.
///
/// 303 becomes GET, as do 301 and 302 of a POST; what is said about a body goes with it. 307 and 308 keep
/// method and body, and so the fields that say what the body is and what is accepted as an answer to it,
/// wherever they lead. To another origin every credential and every other header of the user's stays behind,
/// unless `trusted`. redirect_refused for anything but http and https, and from https to http unless
/// `trusted`.
[[nodiscard]] Status redirect(Hop& hop, int status, const std::string& location, bool trusted);

/// So much of a redirect's body is read at most, so that the connection can be kept.
constexpr std::uint64_t kMaxRedirectBody = 64 * 1024;
/// How long that body is waited for: it is a note for people, and is read only if it is short and near.
[[nodiscard]] async::Duration redirect_body_wait(const ResponseHead& head);

/// What is wrong with an answer of 3xx that was not followed, where its body would be taken for what was
/// asked for: redirect_refused where it says of no place to go to, too_many_redirects where redirects are not
/// followed at all. Nothing for any other answer, and for 304.
[[nodiscard]] Status unfollowed_redirect(const ResponseHead& head);

[[nodiscard]] Error too_many_redirects(int status, int followed);

}  // namespace leat::http
