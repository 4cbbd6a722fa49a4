#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "cli/options/hints/hints.hpp"
#include "cli/options/hints/nearest.hpp"
#include "cli/options/table/option_table.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/nearest.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/replacer.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

using Words = std::span<const std::string_view>;

bool has_name(OptionRows rows, std::string_view name) {
  return std::any_of(rows.begin(), rows.end(), [&](const auto* row) { return row->name == name; });
}
bool has_letter(OptionRows rows, char letter) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const auto* row) { return row->letter.starts_with(letter); });
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789") == text.npos;
}

std::string filled(std::string_view hint, std::string_view value) {
  std::string filled(hint);
  text::replace_all(filled, "{}", value);
  return filled;
}

std::string_view name_of(std::string_view argument) { return argument.substr(0, argument.find('=')); }

// `--name=VALUE`, `-n VALUE` or `-nVALUE`.
std::string_view value_of(std::string_view argument, std::string_view name, Words all) {
  if (argument.size() > name.size())
    return argument.substr(name.size() + (argument[name.size()] == '=' ? 1 : 0));
  const auto at = std::find(all.begin(), all.end(), argument);
  return at == all.end() || at + 1 == all.end() ? std::string_view() : *(at + 1);
}

// The synonym's hint, with the value in it where that is a number.
std::string hint_of(const Synonym& row, std::string_view value) {
  return row.of_number.empty() || !is_number(value) ? std::string(row.hint) : filled(row.of_number, value);
}

// Without what people write in other ways: --user_agent, --userAgent, --useragent.
std::string plain(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c != '-' && c != '_') letters += text::to_lower(c);
  }
  return letters;
}

std::string other_spelling(OptionRows rows, std::string_view name) {
  for (const auto* row : rows) {
    if (plain(row->name) == plain(name)) return fmt::format("did you mean \"--{}\"?", row->name);
  }
  return {};
}

// `--no-x` where there is a switch --x, and `--x` where there is --no-x.
std::string negation(OptionRows rows, std::string_view name) {
  if (has_name(rows, "no-" + std::string(name))) {
    return fmt::format("it is so already, unless --no-{} is given", name);
  }
  if (!name.starts_with("no-")) return {};
  for (const auto* row : rows) {
    if (row->name == name.substr(3) && row->is_switch()) {
      return fmt::format("leave --{} out", row->name);
    }
  }
  return {};
}

std::string of_other_command(std::string_view command, std::string_view name) {
  auto others = kCommandNames;
  if (command == "check") std::swap(others[0], others[1]);  // run reads a spec as well
  for (const auto& other : others) {
    if (other.name != command && find_option(other.place, name) != nullptr) {
      return fmt::format("leat {} has it, leat {} does not", other.name, command);
    }
  }
  return {};
}

// The stages that most of get's options belong to come first.
std::string of_stage(std::string_view name) {
  constexpr std::array<std::string_view, 3> kStages{"fetch", "save", "write"};
  for (const auto stage : kStages) {
    for (const auto* row : pipelines::stage_table()) {
      if (row->signature.name != stage) continue;
      for (const auto& arg : row->signature.args) {
        if (arg.key == name) return fmt::format("it stands in the spec: {} {}={}", stage, arg.key, arg.name);
      }
    }
  }
  return {};
}

// A word of another tool that is written in another way, or has a letter wrong; the fewer letters are wrong,
// the more of it is there to tell by.
struct MisspeltSynonym {
  const Synonym* row = nullptr;
  std::string_view word;
  std::size_t distance = 0;
};

MisspeltSynonym misspelt_synonym(const OtherTools& tools, std::string_view name) {
  constexpr std::size_t kLettersPerFault = 5;  // "--tires" is wget's --tries
  MisspeltSynonym found;
  found.distance = (name.size() - 2) / kLettersPerFault + 1;
  for (const auto& row : tools.words) {
    for (const auto word : text::split(row.words, ' ')) {
      if (!word.starts_with("--") || word.ends_with('*')) continue;
      const bool begins = name.size() > 2 + kLettersPerFault && word.starts_with(name);
      const auto distance = plain(word) == plain(name) ? 0 : begins ? 1 : text::edit_distance(name, word);
      if (distance < found.distance) found = {&row, word, distance};
    }
  }
  return found;
}

std::string near(OptionRows rows, const OtherTools& tools, std::string_view name, std::string_view value) {
  std::vector<std::string_view> names;
  for (const auto* row : rows) names.push_back(row->name);
  const auto word = name.substr(2);
  const auto option = nearest(word, names);
  const auto synonym = misspelt_synonym(tools, name);
  // What is the beginning of one option alone is that option.
  const auto distance = option.starts_with(word) ? 1 : text::edit_distance(word, option);
  if (synonym.row != nullptr && (option.empty() || synonym.distance < distance)) {
    return fmt::format("if \"{}\" was meant: {}", synonym.word, hint_of(*synonym.row, value));
  }
  return option.empty() ? std::string() : fmt::format("did you mean \"--{}\"?", option);
}

std::string long_hint(OptionRows rows, const OtherTools& tools, std::string_view name,
                      std::string_view value) {
  if (const auto* row = find_synonym(tools.words, name)) return hint_of(*row, value);
  const auto word = name.substr(2);
  if (auto hint = other_spelling(rows, word); !hint.empty()) return hint;
  if (auto hint = negation(rows, word); !hint.empty()) return hint;
  if (tools.command == "run" || tools.command == "check") {
    if (auto hint = of_stage(word); !hint.empty()) return hint;
  }
  if (auto hint = of_other_command(tools.command, word); !hint.empty()) return hint;
  return near(rows, tools, name, value);
}

std::string with_hint(std::string message, std::string_view hint) {
  return hint.empty() ? message : message.append("; ").append(hint);
}

// curl's `-fsSL`: letters that are all switches, of leat or of another tool. Those that leat has not.
std::vector<const Synonym*> unknown_switches(OptionRows rows, const OtherTools& tools,
                                             std::string_view argument, std::string& letters) {
  std::vector<const Synonym*> found;
  for (const char letter : argument.substr(1)) {
    if (!text::is_letter(letter)) return {};
    if (has_letter(rows, letter)) continue;
    const auto* row = find_synonym(tools.words, std::string{'-', letter});
    if (row == nullptr) return {};
    letters += letter;
    found.push_back(row);
  }
  return found;
}

}  // namespace

const Synonym* find_synonym(std::span<const Synonym> rows, std::string_view word) noexcept {
  const Synonym* family = nullptr;
  for (const auto& row : rows) {
    for (const auto one : text::split(row.words, ' ')) {
      if (one == word) return &row;
      if (one.ends_with('*') && word.starts_with(one.substr(0, one.size() - 1))) family = &row;
    }
  }
  return family;
}

const OtherTools& hints_at(unsigned place) noexcept {
  switch (place) {
    case pipelines::kGet:
      return get_hints();
    case pipelines::kBench:
      return bench_hints();
    case pipelines::kRun:
      return run_hints();
    case pipelines::kWork:
      return work_hints();
    default:
      return check_hints();
  }
}

Error unknown_option(OptionRows rows, const OtherTools& tools, Words all, std::string_view argument) {
  constexpr std::size_t kLongest = 64;  // no option has a name of more
  const auto refusal = [](std::string_view name) {
    return text::escaped(name.substr(0, kLongest)) + ": there is no such option";
  };
  const auto name = name_of(argument);
  if (name.size() > kLongest) return Error(Errc::bad_input, refusal(name));
  const auto value = value_of(argument, name, all);
  if (name.starts_with("--")) {
    return Error(Errc::bad_input, with_hint(refusal(name), long_hint(rows, tools, name, value)));
  }
  if (const auto* row = find_synonym(tools.words, name)) {  // -L, wget's -nc
    return Error(Errc::bad_input, with_hint(refusal(name), hint_of(*row, value)));
  }
  std::string letters;
  if (const auto found = unknown_switches(rows, tools, name, letters); found.size() > 1) {
    std::string text = fmt::format("-{}: there are no such options", letters);
    for (std::size_t i = 0; i < found.size(); ++i)
      text += fmt::format("; -{}: {}", letters[i], found[i]->hint);
    return Error(Errc::bad_input, std::move(text));
  }
  const auto letter = name.substr(0, 2);
  const auto* row = find_synonym(tools.words, letter);
  return Error(
      Errc::bad_input,
      with_hint(refusal(letter), row == nullptr ? "" : hint_of(*row, value_of(argument, letter, all))));
}

}  // namespace leat::cli
