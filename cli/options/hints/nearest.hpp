#pragma once

#include <span>
#include <string>
#include <string_view>

namespace leat::cli {

/// The name that was probably meant: the only one that `typed` begins, or the closest by edits (a swap of
/// neighbours is one). Empty if none is near.
[[nodiscard]] std::string_view nearest(std::string_view typed, std::span<const std::string_view> names);

/// `; did you mean "NAME"?`, or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view typed, std::span<const std::string_view> names);

}  // namespace leat::cli
