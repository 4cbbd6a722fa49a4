#pragma once

#include <string>
#include <string_view>

namespace leat::http {

/// Gives a text in which URLs stand, such as a spec, with '*' for each character of their userinfo, so that
/// it may be printed: https://***@host. All other characters keep their places.
///
/// A URL's authority ends at one of "/?#", at a blank, and at a '"'. In the text, \" and \\ are what JSON has
/// them mean, so that they do not end it, unless the URL began behind such a \" itself, as in JSON within a
/// text; and \( ends it, since a jq program inserts a value there. A text
/// that is no spec and no program has to be written as JSON first if it may hold such signs.
[[nodiscard]] std::string with_hidden_userinfo(std::string_view text);

}  // namespace leat::http
