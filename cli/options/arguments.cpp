#include "cli/options/arguments.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <map>

#include "cli/options/curl_hints.hpp"
#include "cli/options/nearest.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

// CLI11 2.1.2 takes a value `[a,b]` for a list (so the URL [::1] would lose its brackets) and looks for the
// value of `--data=` in the next argument. A mark behind such arguments keeps it from both.
constexpr char kMark = '\x01';

std::string marked(std::string_view argument) {
  std::string text(argument);
  if (!text.empty() && (text.back() == ']' || text.back() == '=' || text.back() == kMark)) text += kMark;
  return text;
}

std::string unmarked(std::string text) {
  if (!text.empty() && text.back() == kMark) text.pop_back();
  return text;
}

std::string names_of(const Flag& flag) {
  std::string names = flag.short_name.empty() ? "" : "-" + std::string(flag.short_name) + ",";
  return names.append("--").append(flag.long_name);
}

Error unknown_option(std::span<const Flag> flags, const std::string& argument) {
  std::string name = argument.substr(0, argument.find('='));
  if (!name.starts_with("--")) {
    name.resize(std::min<std::size_t>(name.size(), 2));
    const auto hint = curl_hint(name);
    return Error(Errc::bad_input, text::escaped(name) + ": there is no such option" +
                                      (hint.empty() ? "" : ": ") + std::string(hint));
  }
  if (const auto hint = curl_hint(name); !hint.empty()) {
    return Error(Errc::bad_input, text::escaped(name) + ": there is no such option: " + std::string(hint));
  }
  std::vector<std::string> known;
  for (const auto& flag : flags) known.push_back("--" + std::string(flag.long_name));
  const std::vector<std::string_view> names(known.begin(), known.end());
  return Error(Errc::bad_input,
               text::escaped(name) + ": there is no such option" + did_you_mean(name, names));
}

// All that can go wrong but an unknown option: a value is missing, or a switch was given one. CLI11's
// message begins with the option's name.
Error bad_value(std::span<const Flag> flags, std::string_view message) {
  auto name = message.substr(0, message.find_first_of(": "));
  while (name.starts_with('-')) name.remove_prefix(1);
  for (const auto& flag : flags) {
    if (name != flag.long_name) continue;
    const std::string what = flag.value.empty()
                                 ? "takes no value"
                                 : "takes " + std::string(flag.value) + ", and nothing was given";
    return Error(Errc::bad_input, "--" + std::string(name) + ": " + what);
  }
  return Error(Errc::bad_input, std::string(message));
}

class Parser {
 public:
  explicit Parser(std::span<const Flag> flags) : flags_(flags) {
    app_.set_help_flag();
    app_.allow_extras();
    for (std::size_t i = 0; i < flags.size(); ++i) add(flags[i], i);
    urls_ = app_.add_option("positionals", CLI::callback_t(accept))->expected(-1);
    urls_->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  Result<Arguments> parse(std::span<const std::string_view> arguments) {
    std::vector<std::string> reversed;
    for (const auto argument : arguments) reversed.push_back(marked(argument));
    std::reverse(reversed.begin(), reversed.end());
    try {
      app_.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
      return bad_value(flags_, error.what());
    }
    for (const auto& left_over : app_.remaining()) {
      if (left_over != "--") return unknown_option(flags_, unmarked(left_over));
    }
    return in_order();
  }

 private:
  static bool accept(const CLI::results_t& /*values*/) { return true; }

  void add(const Flag& flag, std::size_t index) {
    CLI::Option* option = app_.add_option(names_of(flag), CLI::callback_t(accept));
    if (flag.value.empty()) {
      option->type_size(0)->disable_flag_override();
    } else {
      option->type_size(1)->expected(1);
    }
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    flag_of_[option] = index;
  }

  Arguments in_order() const {
    Arguments out;
    std::map<const CLI::Option*, std::size_t> seen;
    for (const CLI::Option* option : app_.parse_order()) {
      std::string value = unmarked(option->results().at(seen[option]++));
      if (option == urls_) {
        out.positionals.push_back(std::move(value));
      } else {
        const std::size_t flag = flag_of_.at(option);
        out.options.push_back({flag, flags_[flag].value.empty() ? "" : std::move(value)});
      }
    }
    return out;
  }

  std::span<const Flag> flags_;
  CLI::App app_;
  CLI::Option* urls_ = nullptr;
  std::map<const CLI::Option*, std::size_t> flag_of_;
};

}  // namespace

Result<Arguments> parse_arguments(std::span<const Flag> flags, std::span<const std::string_view> arguments) {
  return Parser(flags).parse(arguments);
}

}  // namespace leat::cli
