#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leat::origin {

/// What the command line asks for, checked.
struct Options {
  std::vector<std::string> hosts;  // numeric addresses; 127.0.0.1 where none is given
  std::uint16_t port = 0;          // 0: any free one
  std::string port_file;           // empty: none is written
  bool parent_pid_exit = false;
  bool count_paths = true;
  bool help = false;
};

/// Reads argv. Nothing, with `error` set, where it makes no sense.
[[nodiscard]] std::optional<Options> parse_options(int argc, char** argv, std::string& error);

/// What --help prints: the options and the table of routes.
[[nodiscard]] std::string help_text();

}  // namespace leat::origin
