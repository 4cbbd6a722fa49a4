#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"

namespace leat::cli {

/// Gives the option whose file the path leads to, among those that say what a run reads or keeps: its list,
/// journal, credentials, and what stands behind an '@'. `asking` is the option that the path is of, and is
/// passed over. Empty if there is none.
[[nodiscard]] std::string_view owner_of(const Given& given, System& system, const std::string& path,
                                        std::string_view asking);

/// Gives the files that were read, or are going to be, because options name them, and the configuration file.
[[nodiscard]] std::vector<std::string> inputs_of(const Given& given, System& system);

/// Refuses an option that names an output (--cookie-jar, --failed, --state, --save and others of bench) if it
/// would overwrite such a file. That of --cookie may be the jar.
[[nodiscard]] Status check_own_files(const Given& given, System& system);

}  // namespace leat::cli
