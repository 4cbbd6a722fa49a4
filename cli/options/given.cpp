#include "cli/options/given.hpp"

#include "cli/options/arguments.hpp"
#include "cli/options/option_value.hpp"
#include "cli/options/table/option_table.hpp"

namespace leat::cli {

Result<Given> parse_options(unsigned place, std::span<const std::string_view> arguments) {
  auto parsed = parse_arguments(options_at(place), arguments, hints_at(place));
  if (!parsed) return std::move(parsed.error());
  Given given;
  given.operands = std::move(parsed->operands);
  for (auto& [option, text] : parsed->options) {
    auto value = read_option(*option, text);
    if (!value) return std::move(value.error());
    given.options.push_back({option, std::move(text), std::move(*value)});
  }
  return given;
}

}  // namespace leat::cli
