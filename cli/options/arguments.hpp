#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/flag.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// What stood on a command line: options in the order in which they came, and what belongs to none.
struct Arguments {
  struct Given {
    std::size_t flag;   // its place in the table
    std::string value;  // empty for a switch
  };
  std::vector<Given> options;
  std::vector<std::string> positionals;
};

/// Splits a command line by a table of flags: `-kq`, `-j64`, `-j 64`, `--jobs=64`, `--jobs 64`, `--`.
/// The Error names the option at fault and what it takes, or the nearest one.
[[nodiscard]] Result<Arguments> parse_arguments(std::span<const Flag> flags,
                                                std::span<const std::string_view> arguments);

}  // namespace leat::cli
