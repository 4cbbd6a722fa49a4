#include "cli/options/presets.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include "cli/options/arguments.hpp"
#include "cli/options/nearest.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

// What a file or a variable can't say.
constexpr std::array<std::string_view, 5> kTypedOnly{"config", "print-config", "help", "plan", "status"};
// Options whose values may be secret.
constexpr std::array<std::string_view, 9> kSecret{"user", "header",        "cookie", "proxy", "proxy-user",
                                                  "data", "oauth2-bearer", "pass",   "json"};

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const Flag* find_flag(std::span<const Flag> flags, std::string_view name) {
  if (holds(kTypedOnly, name)) return nullptr;
  const auto found =
      std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.long_name == name; });
  return found == flags.end() ? nullptr : &*found;
}

/// Collects options for one command.
class Collector {
 public:
  Collector(const PresetCommand& command, std::span<const PresetCommand> commands, Presets& presets)
      : command_(command), commands_(commands), presets_(presets) {}

  Status read_file(const std::string& path, const std::string& text) {
    // CLI11's own arrays and comments behind values would cut values with a comma or a '#' in them.
    CLI::ConfigTOML format;
    format.comment('\0')->arrayBounds('\x1e', '\x1e')->arrayDelimiter('\x1f');
    std::istringstream in(text);
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
    for (const auto& flag : command_.flags) {
      if (holds(kTypedOnly, flag.long_name)) continue;
      const std::string variable = variable_of(flag.long_name);
      const std::string value = system.environment(variable.c_str());
      if (value.empty()) continue;
      if (auto error = add(flag, value)) {
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
    const auto named = std::find_if(commands_.begin(), commands_.end(),
                                    [&](const PresetCommand& one) { return one.name == section; });
    if (!section.empty() && named == commands_.end()) return no_section(section);
    const Flag* flag = section.empty() ? nullptr : find_flag(named->flags, item.name);
    for (std::size_t i = 0; section.empty() && flag == nullptr && i < commands_.size(); ++i) {
      flag = find_flag(commands_[i].flags, item.name);
    }
    if (flag == nullptr || item.parents.size() > 1) return no_option(section, item);
    if (!section.empty() && section != command_.name) return std::nullopt;
    const Flag* own = find_flag(command_.flags, item.name);
    for (std::size_t i = 0; own != nullptr && i < item.inputs.size(); ++i) {
      if (auto error = add(*own, item.inputs[i])) {
        error->message = item.name + ": " + error->message;
        return error;
      }
    }
    return std::nullopt;
  }

  Status add(const Flag& flag, const std::string& value) {
    const std::string name = "--" + std::string(flag.long_name);
    if (!flag.value.empty()) {
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
    for (const auto& one : commands_) names.push_back(one.name);
    return Error(Errc::bad_input,
                 fmt::format("there is no section [{}]{}; there are [{}]", text::escaped(section),
                             did_you_mean(section, names), fmt::join(names, "] [")));
  }

  Error no_option(const std::string& section, const CLI::ConfigItem& item) const {
    std::vector<std::string_view> names;
    for (const auto& one : commands_) {
      if (!section.empty() && one.name != section) continue;
      for (const auto& flag : one.flags) {
        if (!holds(kTypedOnly, flag.long_name)) names.push_back(flag.long_name);
      }
    }
    const std::string where = section.empty() ? "" : " in [" + section + "]";
    if (holds(kTypedOnly, item.name)) {
      return Error(Errc::bad_input, fmt::format("{}{} can only be typed", text::escaped(item.name), where));
    }
    return Error(Errc::bad_input, fmt::format("there is no option {}{}{}", text::in_quotes(item.name), where,
                                              did_you_mean(item.name, names)));
  }

  const PresetCommand& command_;
  std::span<const PresetCommand> commands_;
  Presets& presets_;
};

std::string usual_file(System& system) {
  std::string directory = system.environment("XDG_CONFIG_HOME");
  if (directory.empty() || directory.front() != '/') {
    directory = system.environment("HOME");
    if (directory.empty()) return "";
    directory += "/.config";
  }
  return directory + "/leat/config";
}

// A value as from_config reads it back.
std::string written(std::string_view value) {
  const bool plain = !value.empty() && value.find_first_of(" \t\"'`") == value.npos;
  const char quote = value.find('"') == value.npos ? '"' : '\'';
  return plain ? std::string(value) : quote + std::string(value) + quote;
}

}  // namespace

Result<Presets> with_presets(const PresetCommand& command, std::span<const PresetCommand> commands,
                             std::span<const std::string_view> typed, System& system) {
  Presets presets;
  std::optional<std::string> path;
  if (auto given = parse_arguments(command.flags, typed)) {  // what is wrong with it is said later
    for (const auto& [flag, value] : given->options) {
      if (command.flags[flag].long_name == "config") path = value;
      if (command.flags[flag].long_name == "print-config") presets.print = true;
    }
  }
  Collector collector(command, commands, presets);
  const std::string file = path.value_or(usual_file(system));
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

Result<std::string> print_config(const PresetCommand& command, const Presets& presets) {
  const std::vector<std::string_view> words(presets.arguments.begin(), presets.arguments.end());
  auto given = parse_arguments(command.flags, words);
  if (!given) return given.error();
  std::string text = fmt::format("# leat {}", command.name);
  for (const auto& origin : presets.origins)
    text += (&origin == &presets.origins.front() ? ", from " : ", ") + text::escaped(origin);
  text += fmt::format("\n[{}]\n", command.name);
  for (const auto& [index, value] : given->options) {
    const Flag& flag = command.flags[index];
    if (holds(kTypedOnly, flag.long_name)) continue;
    if (flag.value.empty()) {
      text += fmt::format("{}=true\n", flag.long_name);
    } else if (holds(kSecret, flag.long_name) || value.find('\n') != value.npos) {
      text += fmt::format("# {} is given, and not shown\n", flag.long_name);
    } else {
      text += fmt::format("{}={}\n", flag.long_name, written(value));
    }
  }
  return text;
}

}  // namespace leat::cli
