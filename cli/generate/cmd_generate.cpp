#include "cli/generate/cmd_generate.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/generate/completions.hpp"
#include "cli/help/help.hpp"
#include "cli/options/hints/nearest.hpp"
#include "cli/options/table/option_table.hpp"
#include "cli/terminal/output.hpp"
#include "cli/terminal/terminal_line.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

using pipelines::Option;

// A sentence of mdoc's: no line of it may begin with a control character, and \ begins an escape.
std::string mdoc_sentence(std::string text) {
  std::string out;
  for (const char c : text) out += c == '\\' ? std::string("\\e") : std::string(1, c);
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

std::string man_options(unsigned place) {
  std::string page;
  for (const auto& topic : all_options()) {
    std::string items;
    for (const auto& option : topic.rows) {
      if ((option.at & place) == 0 || option.name.empty()) continue;
      const std::string letter = option.letter.empty() ? "" : fmt::format("Fl {} , ", option.letter);
      const std::string value = option.value.empty() ? "" : fmt::format(" Ar {}", option.value);
      items += fmt::format(".It {}Fl Fl {}{}\n{}{}\n", letter, option.name, value,
                           mdoc_sentence(std::string(option.help)), remarks(option));
    }
    if (!items.empty()) page += fmt::format(".Ss {}\n.Bl -tag -width Ds\n{}.El\n", topic.heading, items);
  }
  return page;
}

ExitCode refuse(const std::string& message) {
  complain("generate", message + "; takes man COMMAND, bash, zsh or fish");
  return ExitCode::usage;
}

}  // namespace

ExitCode run_generate(std::span<const std::string_view> arguments) {
  if (arguments.empty()) return refuse("nothing given");
  const auto what = arguments.front();
  if (what == "--help" || what == "-h") return print(generate_help());
  if (what == "man") {
    if (arguments.size() != 2)
      return refuse(fmt::format("man with {} words behind it", arguments.size() - 1));
    for (const auto& command : kCommandNames) {
      if (command.name == arguments[1]) return print(man_options(command.place));
    }
    return refuse(fmt::format("there is no command {} with options", text::in_quotes(arguments[1])));
  }
  if (arguments.size() > 1)
    return refuse(fmt::format("{} is one word too many", text::in_quotes(arguments[1])));
  if (what == "bash") return print(bash_completions());
  if (what == "zsh") return print(zsh_completions());
  if (what == "fish") return print(fish_completions());
  const std::vector<std::string_view> known{"man", "bash", "zsh", "fish"};
  return refuse(fmt::format("{} given{}", text::in_quotes(what), did_you_mean(what, known)));
}

}  // namespace leat::cli
