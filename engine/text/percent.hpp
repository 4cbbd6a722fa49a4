#pragma once

#include <string>
#include <string_view>

namespace leat::text {

/// With each "%2F" and the like undone; what is no such thing stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace leat::text
