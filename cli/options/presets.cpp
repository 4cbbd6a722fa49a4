#include "cli/options/presets.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include "cli/options/arguments.hpp"
#include "cli/options/hints/nearest.hpp"
#include "engine/text/plain_text.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"

namespace leat::cli {

namespace {

using pipelines::Option;

constexpr unsigned kAnyPlace = ~0U;

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// An option that a file or a variable can give.
const Option* find_preset(unsigned place, std::string_view name) {
  const Option* option = find_option(place, name);
  return option == nullptr || option->typed_only ? nullptr : option;
}

/// Collects options for one command.
class Collector {
 public:
  Collector(const CommandName& command, Presets& presets) : command_(command), presets_(presets) {}

  Status read_file(const std::string& path, const std::string& text) {
    // CLI11's own arrays and comments behind values would cut values with a comma or a '#' in them.
    CLI::ConfigTOML format;
    format.comment('\0')->arrayBounds('\x1e', '\x1e')->arrayDelimiter('\x1f');
    const std::string plain = text::plain_text(text);
    if (plain.find('\0') != plain.npos) {
      return Error(Errc::bad_input, fmt::format("--config: {}: holds a NUL byte, so it is no text",
                                                text::in_quotes(path, 400)));
    }
    std::istringstream in(std::string(text::without_byte_order_mark(plain)));
    std::vector<CLI::ConfigItem> items;
    try {
      items = format.from_config(in);
    } catch (const CLI::Error& error) {
      return Error(Errc::bad_input,
                   fmt::format("--config: {}: {}", text::in_quotes(path, 400), text::escaped(error.what())));
    }
    const std::size_t before = presets_.arguments.size();
    for (const auto& item : items) {
      if (item.name == "--" || item.name == "++") continue;  // where a section begins or ends
      if (auto error = take(item)) {
        error->message = fmt::format("--config: {}: {}", text::in_quotes(path, 400), error->message);
        return error;
      }
    }
    if (presets_.arguments.size() > before) presets_.origins.push_back(path);
    return std::nullopt;
  }

  Status read_environment(System& system) {
    for (const auto* option : options_at(command_.place)) {
      if (option->typed_only) continue;
      const std::string variable = variable_of(option->name);
      const std::string value = system.environment(variable.c_str());
      if (value.empty()) continue;
      if (auto error = add(*option, value)) {
        error->message = variable + ": " + error->message;
        return error;
      }
      presets_.origins.push_back(variable);
    }
    return std::nullopt;
  }

 private:
  static std::string variable_of(std::string_view name) {
    std::string variable = "LEAT_";
    for (const char c : name)
      variable += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return variable;
  }

  Status take(const CLI::ConfigItem& item) {
    const std::string section = item.parents.empty() ? "" : item.parents.front();
    const auto* const named = std::find_if(kCommandNames.begin(), kCommandNames.end(),
                                           [&](const CommandName& one) { return one.name == section; });
    if (!section.empty() && named == kCommandNames.end()) return no_section(section);
    const bool is_known = find_preset(section.empty() ? kAnyPlace : named->place, item.name) != nullptr;
    if (!is_known || item.parents.size() > 1) return no_option(section, item);
    if (!section.empty() && section != command_.name) return std::nullopt;
    const Option* own = find_preset(command_.place, item.name);
    for (std::size_t i = 0; own != nullptr && i < item.inputs.size(); ++i) {
      if (auto error = add(*own, item.inputs[i])) {
        error->message = item.name + ": " + error->message;
        return error;
      }
    }
    return std::nullopt;
  }

  Status add(const Option& option, const std::string& value) {
    const std::string name = "--" + std::string(option.name);
    if (!option.is_switch()) {
      presets_.arguments.push_back(name + "=" + value);
      return std::nullopt;
    }
    constexpr std::array<std::string_view, 4> kOn{"true", "on", "yes", "1"};
    constexpr std::array<std::string_view, 4> kOff{"false", "off", "no", "0"};
    if (holds(kOff, value)) return std::nullopt;
    if (!holds(kOn, value))
      return Error(Errc::bad_input, text::in_quotes(value) + " given; takes true or false");
    presets_.arguments.push_back(name);
    return std::nullopt;
  }

  Error no_section(const std::string& section) const {
    std::vector<std::string_view> names;
    for (const auto& one : kCommandNames) names.push_back(one.name);
    return Error(Errc::bad_input,
                 fmt::format("there is no section [{}]{}; there are [{}]", text::escaped(section),
                             did_you_mean(section, names), fmt::join(names, "] [")));
  }

  Error no_option(const std::string& section, const CLI::ConfigItem& item) const {
    std::vector<std::string_view> names;
    unsigned place = section.empty() ? kAnyPlace : 0;
    for (const auto& one : kCommandNames) {
      if (one.name == section) place = one.place;
    }
    for (const auto* option : options_at(place)) {
      if (!option->typed_only) names.push_back(option->name);
    }
    const std::string where = section.empty() ? "" : " in [" + section + "]";
    if (const auto* option = find_option(kAnyPlace, item.name); option != nullptr && option->typed_only) {
      return Error(Errc::bad_input, fmt::format("{}{} can only be typed", text::escaped(item.name), where));
    }
    const bool is_a_name = item.name.find_first_of(" \t:\"") == item.name.npos && !item.name.starts_with('-');
    return Error(Errc::bad_input, fmt::format("there is no option {}{}{}{}", text::in_quotes(item.name),
                                              where, did_you_mean(item.name, names),
                                              is_a_name ? "" : "; a line is NAME=VALUE, as jobs=3"));
  }

  const CommandName& command_;
  Presets& presets_;
};

// A value as from_config reads it back.
std::string written(std::string_view value) {
  const bool plain = !value.empty() && value.find_first_of(" \t\"'`") == value.npos;
  const char quote = value.find('"') == value.npos ? '"' : '\'';
  return plain ? std::string(value) : quote + std::string(value) + quote;
}

}  // namespace

std::string usual_config_file(System& system) {
  std::string directory = system.environment("XDG_CONFIG_HOME");
  if (directory.empty() || directory.front() != '/') {
    directory = system.environment("HOME");
    if (directory.empty()) return "";
    directory += "/.config";
  }
  return directory + "/leat/config";
}

Result<Presets> with_presets(const CommandName& command, std::span<const std::string_view> typed,
                             System& system) {
  Presets presets;
  std::optional<std::string> path;
  bool compares = false;
  if (auto given =
          parse_arguments(options_at(command.place), typed)) {  // what is wrong with it is said later
    for (const auto& [option, value] : given->options) {
      if (option->name == "config") path = value;
      if (option->name == "print-config") presets.print = true;
      if (option->name == "compare") compares = true;
    }
  }
  // What stands elsewhere is about the runs of bench, and --compare makes none.
  if (compares) {
    presets.arguments.assign(typed.begin(), typed.end());
    return presets;
  }
  Collector collector(command, presets);
  const std::string file = path.value_or(usual_config_file(system));
  if (path || (!file.empty() && !system.check_readable(file))) {
    auto text = system.read_file(file);
    if (!text)
      return Error(Errc::bad_input,
                   fmt::format("--config: {}: {}", text::in_quotes(file, 400), text.error().message));
    if (auto error = collector.read_file(file, *text)) return std::move(*error);
  }
  if (auto error = collector.read_environment(system)) return std::move(*error);
  presets.arguments.insert(presets.arguments.end(), typed.begin(), typed.end());
  return presets;
}

Result<std::string> print_config(const CommandName& command, const Presets& presets) {
  const std::vector<std::string_view> words(presets.arguments.begin(), presets.arguments.end());
  auto given = parse_arguments(options_at(command.place), words);
  if (!given) return given.error();
  std::string text = fmt::format("# leat {}", command.name);
  for (const auto& origin : presets.origins)
    text += (&origin == &presets.origins.front() ? ", from " : ", ") + text::escaped(origin);
  text += fmt::format("\n[{}]\n", command.name);
  for (const auto& [option, value] : given->options) {
    if (option->typed_only) continue;
    if (option->is_switch()) {
      text += fmt::format("{}=true\n", option->name);
    } else if (is_secret(option->secret, value) || value.find('\n') != value.npos) {
      text += fmt::format("# {} is given, and not shown\n", option->name);
    } else {
      text += fmt::format("{}={}\n", option->name, written(value));
    }
  }
  return text;
}

}  // namespace leat::cli
