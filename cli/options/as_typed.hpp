#pragma once

#include <string>
#include <string_view>

#include "cli/options/given.hpp"

namespace leat::cli {

/// A message about settings, which calls them as a spec does ("cert", "netrc-file"), in the words of somebody
/// who typed options: --cert. If several options mean a setting, the one that was given is named. Quoted
/// words that no option of the command that stands there goes by stay as they are.
[[nodiscard]] std::string as_typed(const Given& given, unsigned place, std::string_view message);

}  // namespace leat::cli
