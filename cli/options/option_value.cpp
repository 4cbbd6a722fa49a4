#include "cli/options/option_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "cli/options/hints/nearest.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/spec/arg_type.hpp"

namespace leat::cli {

namespace {

using pipelines::ArgType;
using pipelines::Option;

std::string takes_of(const Option& option, const std::string& text) {
  if (option.type == ArgType::count) return fmt::format("a number from {} to {}", option.least, option.most);
  if (option.choices.empty()) return takes_in_place_of(arg_row(option), text);
  auto words = fmt::format("{}", fmt::join(option.choices, ", "));
  return option.type == ArgType::temp ? words + ", or a template such as '{status} {url}'" : words;
}

Error refusal_of(const Option& option, const std::string& text) {
  const auto name = fmt::format("--{}", option.name);
  const auto takes = takes_of(option, text);
  if (option.secret != pipelines::Secret::no) {
    return Error(Errc::bad_input, fmt::format("{}: a value (not shown) given; takes {}", name, takes));
  }
  auto error = not_taken(name, text, takes);
  const std::vector<std::string_view> words(option.choices.begin(), option.choices.end());
  if (option.type == ArgType::word) error.message += did_you_mean(text, words);
  return error;
}

// What a check finds wrong in a text that is of the right type.
Error fault_of_check(const Option& option, const std::string& text, const pipelines::TextFault& fault) {
  constexpr std::string_view kTakes = "takes ";
  const auto name = fmt::format("--{}", option.name);
  const std::string message = text::escaped(fault.message);
  if (message.starts_with(kTakes)) return not_taken(name, text, message.substr(kTakes.size()));
  const bool has_places = option.type == ArgType::temp || option.type == ArgType::list;
  if (!has_places) return Error(Errc::bad_input, fmt::format("{}: {}", name, message));
  return Error(Errc::bad_input, fmt::format("{}: {}: at character {}: {}", name, text::in_quotes(text, 400),
                                            fault.offset + 1, message));
}

}  // namespace

Error not_taken(std::string_view option, std::string_view given, std::string_view takes) {
  return Error(Errc::bad_input, fmt::format("{}: {} given; takes {}", option, text::in_quotes(given), takes));
}

Result<pipelines::BoundValue> read_option(const Option& option, const std::string& text) {
  pipelines::BoundValue made;
  if (option.is_switch()) {
    if (option.stands_for.empty()) made.value = true;
    if (!option.stands_for.empty()) made.value = std::string(option.stands_for);
    return made;
  }
  if (std::find(option.choices.begin(), option.choices.end(), text) != option.choices.end()) {
    made.value = text;
    made.choice = true;
    return made;
  }
  // A word that is none of the choices is more likely a wrong one than a template without fields.
  const bool is_wrong_word =
      option.type == ArgType::temp && !option.choices.empty() && text.find('{') == std::string::npos;
  if (is_wrong_word) return refusal_of(option, text);
  auto read = read_type(arg_row(option), text);
  const auto fault = option.check == nullptr ? std::nullopt : option.check(text);
  if (fault && (read || fault->message.starts_with("takes "))) return fault_of_check(option, text, *fault);
  if (!read) return refusal_of(option, text);
  return *std::move(read);
}

}  // namespace leat::cli
