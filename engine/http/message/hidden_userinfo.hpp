#pragma once

#include <string>
#include <string_view>

namespace leat::http {

/// Gives a text in which URLs stand, such as a spec, with '*' for each character of their userinfo, so that
/// it may be printed: https://***@host. All other characters keep their places.
[[nodiscard]] std::string with_hidden_userinfo(std::string_view text);

}  // namespace leat::http
