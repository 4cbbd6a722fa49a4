#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/hints/hints.hpp"
#include "engine/error.hpp"
#include "pipelines/options/option.hpp"

namespace leat::cli {

/// What stood on a command line: options in the order in which they came, and what belongs to none.
struct Arguments {
  struct Option {
    const pipelines::Option* row;
    std::string value;  // empty for a switch
  };
  std::vector<Option> options;
  std::vector<std::string> operands;
};

/// Splits a command line by the rows of a command: `-kq`, `-j64`, `-j 64`, `--jobs=64`, `--jobs 64`, `--`.
/// The Error names the option at fault and what it takes, or what was meant: `tools` are the hints of the
/// command.
[[nodiscard]] Result<Arguments> parse_arguments(OptionRows rows, std::span<const std::string_view> arguments,
                                                const OtherTools& tools = {});

}  // namespace leat::cli
