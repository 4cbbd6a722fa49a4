#pragma once

#include <cstddef>
#include <string_view>

#include "cli/options/table/option_table.hpp"

namespace leat::cli {

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
