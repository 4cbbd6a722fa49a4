#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/http/hop.hpp"
#include "engine/http/message/response.hpp"

namespace leat::http {

/// Says whether an answer of this status with a Location leads elsewhere (RFC 9110, 15.4). 304 to 306 don't.
[[nodiscard]] bool is_redirect(int status) noexcept;

/// Gives where the Location of an answer from `base` leads: an absolute URL with blanks as %20 and every
/// other byte as it came. The error is redirect_refused if it holds control characters or is no URL of http
/// or https.
[[nodiscard]] Result<Url> redirect_target(const Url& base, int status, std::string_view location);

/// How far the user trusts the place that a server has named with what is the user's own.
enum class Trust {
  none,
  origin,  // that origin gets the user's own data, if the hop before still had it
  all,     // it does, and a redirect from https to http is followed, too
};

/// Turns `hop` into the one that a redirect asks for (RFC 9110, 15.4); `location` is absolute already.
///
/// 303 becomes GET, and so do 301 and 302 of a POST; the fields about the body are then left out. 307 and 308
/// keep method and body, and so also the fields that say what the body is and what is accepted as an answer
/// to it, wherever they lead. Every credential and every other header of the user's is left out for another
/// origin, unless that is trusted. The error is redirect_refused for anything but http and https, and for a
/// redirect from https to http unless `trust` is `all`.
[[nodiscard]] Status redirect(Hop& hop, int status, const Url& location, Trust trust);

/// So much of a redirect's body is read at most, to keep the connection.
constexpr std::uint64_t kMaxRedirectBody = 64 * 1024;
/// Says how long that body is waited for. It is a note for people, so it is read only if it is short and
/// about to come.
[[nodiscard]] async::Duration redirect_body_wait(const ResponseHead& head);

/// Says what is wrong with a 3xx answer that was not followed, because its body would be taken for what was
/// asked for: redirect_refused if it names no place to go to, too_many_redirects if redirects are not
/// followed at all. Gives nothing for any other answer, and for 304.
[[nodiscard]] Status unfollowed_redirect(const ResponseHead& head);

[[nodiscard]] Error too_many_redirects(int status, int followed);

}  // namespace leat::http
