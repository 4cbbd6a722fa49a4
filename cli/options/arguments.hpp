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

/// The option that takes a value, of an argument such as `--jobs=64`, `-j64` or `-kqj`.
struct NamedOption {
  const pipelines::Option* option = nullptr;  // null: none of its options takes a value
  std::size_t value = 0;                      // where the value starts; 0: it is the next argument
};

/// In letters that stand together, the first one that takes a value; what follows it is the value. A letter
/// that no row has is passed over.
[[nodiscard]] NamedOption option_in(OptionRows rows, std::string_view argument);

/// Whether the argument is an option whose value is the next argument.
[[nodiscard]] bool wants_next(OptionRows rows, std::string_view argument);

}  // namespace leat::cli
