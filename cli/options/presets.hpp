#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/table/option_table.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// A command line, what stands elsewhere put before it, so that what is typed has the last word.
struct Presets {
  std::vector<std::string> arguments;
  std::vector<std::string> origins;  // of what was put before: the file, the names of variables
  bool print = false;                // --print-config
};

/// Reads the configuration file and the environment.
///
/// The file is that of --config, else $XDG_CONFIG_HOME/leat/config, else ~/.config/leat/config; the latter
/// two need not be there. Its lines are `name=value` with an option's long name, or `name` alone for a
/// switch;
/// `#` and `;` begin a line that is a comment; a value may stand in quotes, and nothing in it has a meaning;
/// an option that may be repeated has a line each. What stands before the first section is for every command
/// that has such an option, what stands in `[get]` for that one. Then LEAT_NAME of the environment, for an
/// option --name (`LEAT_PER_HOST=2`). With --compare of bench, neither is read.
///
/// bad_input, which names the file, the section and the option: one that no command has, a switch that is
/// neither on nor off, a file that can't be read.
[[nodiscard]] Result<Presets> with_presets(const CommandName& command,
                                           std::span<const std::string_view> typed, System& system);

/// The configuration file of somebody who names none; empty if there is no place for it.
[[nodiscard]] std::string usual_config_file(System& system);

/// The options of a command line in the form of a configuration file. Values that may be secret are not
/// shown.
[[nodiscard]] Result<std::string> print_config(const CommandName& command, const Presets& presets);

}  // namespace leat::cli
