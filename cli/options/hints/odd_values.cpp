#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "cli/options/hints/hints.hpp"
#include "cli/options/table/named_option.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

using Words = std::span<const std::string_view>;

bool is_url(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

bool is_number(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789.");
  return !text.empty() && digits != 0 && (digits == text.npos || text.substr(digits).size() == 1);
}

bool is_time(std::string_view text) {
  const auto unit = text.find_first_not_of("0123456789");
  if (unit == text.npos || unit == 0) return false;
  const auto name = text.substr(unit);
  return name == "s" || name == "m" || name == "h" || name == "ms" || name == "min";
}

bool is(OddValue::Is what, std::string_view value) {
  switch (what) {
    case OddValue::Is::url:
      return is_url(value);
    case OddValue::Is::number:
      return is_number(value);
    case OddValue::Is::time:
      return is_time(value);
    case OddValue::Is::nothing:
      return value.empty();
    default:
      return false;
  }
}

const pipelines::Option* find_row(OptionRows rows, std::string_view argument) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const pipelines::Option* row) {
    return argument.starts_with("--") ? argument.substr(2) == row->name
                                      : !row->letter.empty() && argument.substr(1) == row->letter;
  });
  return found == rows.end() ? nullptr : *found;
}

}  // namespace

std::string_view odd_value(const OtherTools& tools, const pipelines::Option& option, std::string_view value) {
  for (const auto& row : tools.values) {
    if (row.option == option.name && is(row.is, value)) return row.hint;
  }
  return {};
}

Status check_dashes(OptionRows rows, const OtherTools& tools, Words all) {
  constexpr std::size_t kShortest = 4;  // a dash and three letters
  for (std::size_t i = 0; i < all.size() && all[i] != "--"; i += wants_next(rows, all[i]) ? 2 : 1) {
    const auto name = all[i].substr(0, all[i].find('='));
    if (name.size() < kShortest || name[0] != '-' || name[1] == '-') continue;
    const auto two_dashes = "-" + std::string(name);
    if (find_row(rows, two_dashes) != nullptr) {
      return Error(Errc::bad_input, fmt::format("{}: a long name stands behind two dashes: {}",
                                                text::escaped(name), text::escaped(two_dashes)));
    }
    if (find_synonym(tools.words, two_dashes) != nullptr) return unknown_option(rows, tools, all, two_dashes);
  }
  return std::nullopt;
}

Status check_missing_values(OptionRows rows, const OtherTools& tools, Words all) {
  for (std::size_t i = 0; i + 1 < all.size() && all[i] != "--"; i += wants_next(rows, all[i]) ? 2 : 1) {
    if (!wants_next(rows, all[i]) || !all[i + 1].starts_with("--")) continue;
    const auto behind = all[i + 1];
    if (find_row(rows, behind) == nullptr) continue;
    const auto& option = *option_in(rows, all[i]).option;
    std::string what = fmt::format(
        "--{}: takes {}, and another option, {}, stands in its place; a value that "
        "is meant to be one is written --{}={}",
        option.name, option.value, behind, option.name, behind);
    if (const auto hint = odd_value(tools, option, ""); !hint.empty()) what.append("; ").append(hint);
    return Error(Errc::bad_input, std::move(what));
  }
  return std::nullopt;
}

Status check_numbers(OptionRows rows, const OtherTools& tools, Words all) {
  for (std::size_t i = 0; i + 1 < all.size() && all[i] != "--"; i += wants_next(rows, all[i]) ? 2 : 1) {
    if (!all[i].starts_with('-') || !is_number(all[i + 1])) continue;
    const auto* option = find_row(rows, all[i]);
    for (const auto& row : tools.values) {
      if (option == nullptr || row.is != OddValue::Is::follows || row.option != option->name) continue;
      return Error(Errc::bad_input, fmt::format("--{}: takes no value, and {} stands behind it; {}",
                                                option->name, text::in_quotes(all[i + 1]), row.hint));
    }
  }
  return std::nullopt;
}

}  // namespace leat::cli
