#pragma once

#include <string_view>

namespace leat::cli {

/// What to do in place of an option that curl has and leat has not, for those who type it; empty: nothing is
/// known. `name` is as it was typed, "-L" or "--location".
[[nodiscard]] std::string_view curl_hint(std::string_view name) noexcept;

}  // namespace leat::cli
