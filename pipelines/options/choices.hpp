#pragma once

#include <array>
#include <string_view>

namespace leat::pipelines {

/// Words of which options and arguments of stages take one, where several rows have the same.

/// How leat proves who asks, to a server or a proxy.
inline constexpr std::array<std::string_view, 5> kAuthWays{"basic", "digest", "ntlm", "negotiate", "any"};

/// When lines for people have colours; in the order of WriteArgs::Colour.
inline constexpr std::array<std::string_view, 3> kColours{"auto", "always", "never"};

}  // namespace leat::pipelines
