#pragma once

#include <string>
#include <string_view>

#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"

namespace leat::cli {

/// Gives the option whose file the path leads to, among those that say what a run reads or keeps: its list,
/// journal, credentials, and what stands behind an '@'. `asking` is the option that the path is of, and is
/// passed over. Empty if there is none.
[[nodiscard]] std::string_view owner_of(const Given& given, System& system, const std::string& path,
                                        std::string_view asking);

/// Refuses a --cookie-jar or --failed that would overwrite such a file. That of --cookie may be the jar.
[[nodiscard]] Status check_own_files(const Given& given, System& system);

}  // namespace leat::cli
