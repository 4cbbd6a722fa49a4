#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leat::http {

/// Gives a text that should be a URL as a message may quote it: without its userinfo, and then no more than
/// `limit` bytes of what is printable. Behind a tab another URL may begin, as on a line of a list.
[[nodiscard]] std::string shown_url(std::string_view text, std::size_t limit = 200);

}  // namespace leat::http
