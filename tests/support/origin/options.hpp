#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leat::origin {

/// What the command line asks for, after checks.
struct Options {
  std::vector<std::string> hosts;  // numeric addresses; 127.0.0.1 if none is given
  std::uint16_t port = 0;          // 0: any free port
  std::string port_file;           // empty: no file is written
  bool parent_pid_exit = false;
  bool count_paths = true;
  bool help = false;
};

/// Reads argv. If it makes no sense, gives nothing and sets `error`.
[[nodiscard]] std::optional<Options> parse_options(int argc, char** argv, std::string& error);

/// What --help prints: the options and the table of routes.
[[nodiscard]] std::string help_text();

}  // namespace leat::origin
