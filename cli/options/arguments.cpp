#include "cli/options/arguments.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "cli/options/hints/hints.hpp"
#include "cli/options/table/named_option.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

using pipelines::Option;
using Rows = OptionRows;

std::string names_of(const Option& option) {
  std::string names = option.letter.empty() ? "" : "-" + std::string(option.letter) + ",";
  return names.append("--").append(option.name);
}

// CLI11 2.1.2 looks for the value of `--data=` in the next argument, so an empty one has to stand there.
std::vector<std::string> with_empty_values(Rows rows, std::span<const std::string_view> arguments) {
  std::vector<std::string> all;
  bool is_value = false;
  bool is_operand = false;  // from -- on
  for (const auto argument : arguments) {
    const auto name = argument.substr(0, argument.size() - (argument.ends_with('=') ? 1 : 0));
    if (!is_value && !is_operand && name.size() < argument.size() && wants_next(rows, name)) {
      all.emplace_back(name);
      all.emplace_back();
      continue;
    }
    all.emplace_back(argument);
    is_operand = is_operand || (!is_value && argument == "--");
    is_value = !is_value && !is_operand && wants_next(rows, argument);
  }
  return all;
}

// All that can go wrong but an unknown option: a value is missing, or a switch was given one. CLI11's
// message begins with the option's name.
Error bad_value(Rows rows, const OtherTools& tools, std::string_view message) {
  auto name = message.substr(0, message.find_first_of(": "));
  while (name.starts_with('-')) name.remove_prefix(1);
  for (const auto* row : rows) {
    if (name != row->name) continue;
    std::string what =
        row->is_switch() ? "takes no value" : "takes " + std::string(row->value) + ", and nothing was given";
    if (const auto hint = odd_value(tools, *row, ""); !hint.empty()) what.append("; ").append(hint);
    return Error(Errc::bad_input, "--" + std::string(name) + ": " + what);
  }
  return Error(Errc::bad_input, std::string(message));
}

// What another tool means by an option that leat has as well.
Status check_values(Rows rows, const OtherTools& tools, std::span<const std::string_view> all,
                    const Arguments& parsed) {
  for (const auto& [row, value] : parsed.options) {
    if (row->is_switch() || value.empty()) continue;
    if (const auto hint = odd_value(tools, *row, value); !hint.empty()) {
      return Error(Errc::bad_input, fmt::format("--{}: {} given; takes {}; {}", row->name,
                                                text::in_quotes(value), row->value, hint));
    }
  }
  return check_numbers(rows, tools, all);
}

/// Which options the words of a command line may name. CLI11 compares each option that it is given with all
/// that it has, so that all of ours would cost a tenth of the start of leat.
class Named {
 public:
  explicit Named(std::span<const std::string_view> arguments) {
    std::copy_if(arguments.begin(), arguments.end(), std::back_inserter(words_),
                 [](std::string_view word) { return word.starts_with('-'); });
  }

  [[nodiscard]] bool may_have(const Option& row) const {
    return std::any_of(words_.begin(), words_.end(), [&](std::string_view word) {
      if (!word.starts_with("--")) return !row.letter.empty() && word.find(row.letter) != word.npos;
      const auto name = word.substr(2, word.find('=') - 2);
      return name == row.name;
    });
  }

 private:
  std::vector<std::string_view> words_;
};

class Parser {
 public:
  Parser(Rows rows, const OtherTools& tools, std::span<const std::string_view> arguments)
      : rows_(rows), tools_(tools), arguments_(arguments) {
    app_.set_help_flag();
    app_.allow_extras();
    const Named named(arguments);
    for (const auto* row : rows) {
      if (named.may_have(*row)) add(row);
    }
  }

  Result<Arguments> parse() {
    auto words = with_empty_values(rows_, arguments_);
    std::reverse(words.begin(), words.end());
    try {
      app_.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
      return bad_value(rows_, tools_, error.what());
    }
    Arguments out = options_in_order();
    bool all_operands = false;  // from -- on
    for (auto& left_over : app_.remaining()) {
      if (!all_operands && left_over == "--") {
        all_operands = true;
      } else if (!all_operands && left_over.size() > 1 && left_over.starts_with('-')) {
        return unknown_option(rows_, tools_, arguments_, left_over);
      } else {
        out.operands.push_back(std::move(left_over));
      }
    }
    return out;
  }

 private:
  void add(const Option* row) {
    CLI::Option* option =
        app_.add_option(names_of(*row), CLI::callback_t([](const CLI::results_t&) { return true; }));
    if (row->is_switch()) {
      option->type_size(0)->disable_flag_override();
    } else {
      option->type_size(1)->expected(1);
    }
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    option->allow_extra_args(false);  // [a,b] is one value, not a list
    rows_of_[option] = row;
  }

  Arguments options_in_order() const {
    Arguments out;
    std::map<const CLI::Option*, std::size_t> seen;
    for (const CLI::Option* option : app_.parse_order()) {
      const auto& value = option->results().at(seen[option]++);
      const Option* row = rows_of_.at(option);
      out.options.push_back({row, row->is_switch() ? "" : value});
    }
    return out;
  }

  Rows rows_;
  const OtherTools& tools_;
  std::span<const std::string_view> arguments_;
  CLI::App app_;
  std::map<const CLI::Option*, const Option*> rows_of_;
};

}  // namespace

Result<Arguments> parse_arguments(Rows rows, std::span<const std::string_view> arguments,
                                  const OtherTools& tools) {
  if (auto error = check_dashes(rows, tools, arguments)) return std::move(*error);
  if (auto error = check_missing_values(rows, tools, arguments)) return std::move(*error);
  auto parsed = Parser(rows, tools, arguments).parse();
  if (!parsed) return parsed;
  if (auto error = check_values(rows, tools, arguments, *parsed)) return std::move(*error);
  return parsed;
}

}  // namespace leat::cli
