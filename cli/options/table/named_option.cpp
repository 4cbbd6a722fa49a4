#include "cli/options/table/named_option.hpp"

#include <algorithm>

namespace leat::cli {

using pipelines::Option;

NamedOption option_in(OptionRows rows, std::string_view argument) {
  const auto valued = [&](auto is_it) -> const Option* {
    const auto found = std::find_if(rows.begin(), rows.end(), is_it);
    return found == rows.end() || (*found)->is_switch() ? nullptr : *found;
  };
  if (argument.starts_with("--")) {
    const auto end = std::min(argument.find('='), argument.size());
    const auto name = argument.substr(2, end - 2);
    return {valued([&](const Option* row) { return row->name == name; }),
            end < argument.size() ? end + 1 : 0};
  }
  if (!argument.starts_with('-')) return {};
  for (std::size_t i = 1; i < argument.size(); ++i) {
    const Option* option = valued([&](const Option* row) { return row->letter == argument.substr(i, 1); });
    if (option != nullptr) return {option, i + 1 < argument.size() ? i + 1 : 0};
  }
  return {};
}

bool wants_next(OptionRows rows, std::string_view argument) {
  const auto named = option_in(rows, argument);
  return named.option != nullptr && named.value == 0;
}

}  // namespace leat::cli
