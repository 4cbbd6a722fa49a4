#include "cli/options/as_typed.hpp"

#include <algorithm>

#include "cli/options/table/option_table.hpp"

namespace leat::cli {

namespace {

// Empty if there is none.
std::string_view option_of(const Given& given, unsigned place, std::string_view setting) {
  const auto means = [setting](const pipelines::Option& option) {
    return !option.name.empty() && (option.key() == setting || option.name == setting);
  };
  const auto typed = std::find_if(given.options.rbegin(), given.options.rend(),
                                  [&](const GivenOption& one) { return means(*one.option); });
  if (typed != given.options.rend()) return typed->option->name;
  const auto rows = options_at(place);
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto* option) { return means(*option); });
  return row == rows.end() ? std::string_view() : (*row)->name;
}

}  // namespace

std::string as_typed(const Given& given, unsigned place, std::string_view message) {
  std::string made;
  for (;;) {
    const auto open = message.find('"');
    const auto close = open == message.npos ? message.npos : message.find('"', open + 1);
    if (close == message.npos) return made.append(message);
    const auto option = option_of(given, place, message.substr(open + 1, close - open - 1));
    if (option.empty()) {
      // The closing quote may open another word.
      made.append(message.substr(0, close));
      message.remove_prefix(close);
      continue;
    }
    made.append(message.substr(0, open)).append("--").append(option);
    message.remove_prefix(close + 1);
  }
}

}  // namespace leat::cli
