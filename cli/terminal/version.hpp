#pragma once

#include <string_view>

namespace leat::cli {

/// leat's own version, such as `0.2.0`.
[[nodiscard]] std::string_view leat_version() noexcept;

}  // namespace leat::cli
