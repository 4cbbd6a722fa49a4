#include "cli/generate/completions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/options/table/option_table.hpp"
#include "engine/text/shell_word.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

using pipelines::Option;

// The commands that have options.
std::string with_options() {
  std::vector<std::string_view> names;
  for (const auto& command : kCommandNames) names.push_back(command.name);
  return fmt::format("{}", fmt::join(names, " "));
}

std::string all_commands() { return with_options() + " generate help"; }

bool takes_file(const Option& option) {
  return option.type == pipelines::ArgType::path || option.value.find("FILE") != std::string_view::npos ||
         option.value == "DIR" || option.name == "output";
}

std::string stages() {
  std::vector<std::string_view> names;
  for (const auto& signature : pipelines::stage_signatures()) {
    if (std::find(names.begin(), names.end(), signature.name) == names.end()) names.push_back(signature.name);
  }
  return fmt::format("{}", fmt::join(names, " "));
}

std::string choices(const Option& option) { return fmt::format("{}", fmt::join(option.choices, " ")); }

// What bash offers behind an option that takes a value.
std::string bash_values(const Option& option) {
  if (!option.choices.empty()) return fmt::format("_leat_words {}", text::single_quoted(choices(option)));
  return takes_file(option) ? "_leat_files" : "COMPREPLY=()";
}

std::string bash_options(const CommandName& command) {
  std::string names;
  std::string values;
  for (const auto* option : options_at(command.place)) {
    names += fmt::format(" --{}", option->name);
    if (!option->letter.empty()) names += fmt::format(" -{}", option->letter);
    if (option->is_switch()) continue;
    const std::string letter = option->letter.empty() ? "" : fmt::format("|-{}", option->letter);
    values += fmt::format("        --{}{}) {}; return ;;\n", option->name, letter, bash_values(*option));
  }
  return fmt::format("    {})\n      case $before in\n{}      esac\n      names='{}' ;;\n", command.name,
                     values, names.substr(1));
}

// In _arguments a colon ends the description and a bracket closes it.
std::string zsh_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_option(const Option& option) {
  std::string value;
  if (!option.is_switch()) {
    const std::string action = !option.choices.empty() ? "(" + choices(option) + ")"
                               : takes_file(option)    ? "_files"
                                                       : "";
    value = fmt::format(":{}:{}", zsh_escaped(option.value), action);
  }
  const std::string repeated = option.repeatable ? "*" : "";
  std::string lines;
  const auto add = [&](const std::string& name, std::string_view behind) {
    lines +=
        fmt::format("        {} \\\n", text::single_quoted(fmt::format("{}{}{}[{}]{}", repeated, name, behind,
                                                                       zsh_escaped(option.help), value)));
  };
  add(fmt::format("--{}", option.name), option.is_switch() ? "" : "=");
  if (!option.letter.empty()) add(fmt::format("-{}", option.letter), option.is_switch() ? "" : "+");
  return lines;
}

}  // namespace

std::string bash_completions() {
  std::string commands;
  for (const auto& command : kCommandNames) commands += bash_options(command);
  return fmt::format(R"(# Completions of leat for bash: leat generate bash
_leat_words() {{ mapfile -t COMPREPLY < <(compgen -W "$1" -- "$typed"); }}
_leat_files() {{ compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$typed"); }}
_leat() {{
  local typed=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} names=''
  COMPREPLY=()
  # bash makes three words of --name=value.
  if [[ $typed == '=' ]]; then
    typed=''
  elif [[ $before == '=' ]]; then
    before=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  if ((COMP_CWORD == 1)); then
    _leat_words '{0} --help --version'
    return
  fi
  case ${{COMP_WORDS[1]}} in
{1}    help) _leat_words '{0} {2}'; return ;;
    generate)
      if [[ $before == man ]]; then _leat_words '{3}'; else _leat_words 'man bash zsh fish'; fi
      return ;;
  esac
  if [[ $typed == -* ]]; then _leat_words "$names"; else _leat_files; fi
}}
complete -F _leat leat
)",
                     all_commands(), commands, stages(), with_options());
}

std::string zsh_completions() {
  std::string cases;
  for (const auto& command : kCommandNames) {
    std::string options;
    for (const auto* option : options_at(command.place)) options += zsh_option(*option);
    cases += fmt::format("    {})\n      _arguments -s -S \\\n{}        '*:file:_files' ;;\n", command.name,
                         options);
  }
  return fmt::format(R"(#compdef leat
# Completions of leat for zsh: leat generate zsh
_leat() {{
  local curcontext=$curcontext state line
  _arguments -C '(- *)--help[print help]' '(- *)--version[print the versions]' \
    '1:command:({0})' '*::argument:->arguments'
  [[ $state == arguments ]] || return
  case $line[1] in
{1}    help) _arguments '1:topic:({0} {2})' ;;
    generate) _arguments '1:what:(man bash zsh fish)' '2:command:({3})' ;;
  esac
}}
compdef _leat leat
)",
                     all_commands(), cases, stages(), with_options());
}

std::string fish_completions() {
  std::string lines;
  for (const auto& command : kCommandNames) {
    for (const auto* option : options_at(command.place)) {
      lines += fmt::format("complete -c leat -n '__fish_seen_subcommand_from {}' -l {}", command.name,
                           option->name);
      if (!option->letter.empty()) lines += fmt::format(" -s {}", option->letter);
      if (!option->choices.empty()) {
        lines += fmt::format(" -x -a {}", text::single_quoted(choices(*option)));
      } else if (!option->is_switch()) {
        lines += takes_file(*option) ? " -r -F" : " -x";
      }
      lines += fmt::format(" -d {}\n", text::single_quoted(option->help));
    }
  }
  return fmt::format(R"(# Completions of leat for fish: leat generate fish
complete -c leat -n __fish_use_subcommand -f -a '{0}'
complete -c leat -n __fish_use_subcommand -l help -d 'print help'
complete -c leat -n __fish_use_subcommand -l version -d 'print the versions'
complete -c leat -n '__fish_seen_subcommand_from help' -f -a '{0} {1}'
complete -c leat -n '__fish_seen_subcommand_from generate' -f -a 'man bash zsh fish'
{2})",
                     all_commands(), stages(), lines);
}

}  // namespace leat::cli
