#include "cli/options/hints/hints.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/options/table/option_table.hpp"
#include "engine/text/nearest.hpp"

using namespace leat;
using namespace leat::cli;

namespace {

struct Table {
  const OtherTools& tools;
  OptionRows rows;
};

std::vector<Table> tables() {
  std::vector<Table> all;
  for (const auto& command : kCommandNames) {
    all.push_back({hints_at(command.place), options_at(command.place)});
  }
  return all;
}

bool has_option(OptionRows rows, std::string_view option) {
  return std::any_of(rows.begin(), rows.end(), [&](const auto* row) {
    return option.starts_with("--") ? option.substr(2) == row->name
                                    : !row->letter.empty() && option.substr(1) == row->letter;
  });
}

/// The options that a text names, but those of another command (`leat get -v`) and of other programs.
std::vector<std::string> options_in(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> found;
  std::string before;
  for (std::string word; in >> word;) {
    const bool of_others = before == "leat" || before == "jq" || before == "head";
    while (!word.empty() && (word.front() == '(' || word.front() == '\'' || word.front() == '"'))
      word.erase(0, 1);
    const auto end = word.find_first_of("(),:;'\"?");
    const std::string option = word.substr(0, end);
    const bool is_option = option.size() > 1 && option[0] == '-' && option != "--" &&
                           (std::isalpha(static_cast<unsigned char>(option[1])) != 0 || option[1] == '-' ||
                            std::isdigit(static_cast<unsigned char>(option[1])) != 0);
    if (is_option && !of_others) found.push_back(option);
    // `leat help`, `leat get` and the like: what stands behind is the other command's.
    const bool is_command = before == "leat" && (word == "get" || word == "run" || word == "bench" ||
                                                 word == "check" || word == "help");
    before = is_command ? "leat" : word;
  }
  return found;
}

}  // namespace

TEST_CASE("hints: each word is in its table once, and is no option of that command") {
  for (const auto& table : tables()) {
    const auto& tools = table.tools;
    const auto rows = table.rows;
    std::set<std::string> seen;
    for (const auto& row : tools.words) {
      std::istringstream in{std::string(row.words)};
      for (std::string word; in >> word;) {
        CAPTURE(tools.command);
        CAPTURE(word);
        CHECK(seen.insert(word).second);
        CHECK_FALSE(has_option(rows, word));
        CHECK(word.starts_with('-'));
      }
    }
  }
}

TEST_CASE("hints: a hint names only options that its command has") {
  for (const auto& table : tables()) {
    const auto& tools = table.tools;
    const auto rows = table.rows;
    std::vector<std::string_view> texts;
    for (const auto& row : tools.words) {
      texts.push_back(row.hint);
      texts.push_back(row.of_number);
      CHECK_FALSE(row.hint.empty());
      CHECK_FALSE(row.hint.ends_with('.'));
    }
    for (const auto& row : tools.values) {
      texts.push_back(row.hint);
      CHECK(has_option(rows, "--" + std::string(row.option)));
    }
    for (const auto text : texts) {
      for (const auto& option : options_in(text)) {
        CAPTURE(tools.command);
        CAPTURE(text);
        CAPTURE(option);
        CHECK(has_option(rows, option));
      }
    }
  }
}

TEST_CASE("hints: an option with one letter missing, doubled, or swapped with the next one is found") {
  for (const auto& table : tables()) {
    const auto& tools = table.tools;
    const auto rows = table.rows;
    for (const auto* option : rows) {
      const std::string name(option->name);
      if (name.size() < 5) continue;
      for (std::size_t i = 1; i + 1 < name.size(); ++i) {
        auto missing = name;
        missing.erase(i, 1);
        auto doubled = name;
        doubled.insert(i, 1, name[i]);
        auto swapped = name;
        std::swap(swapped[i], swapped[i + 1]);
        for (const auto& typed : {missing, doubled, swapped}) {
          const auto others = std::count_if(rows.begin(), rows.end(), [&](const auto* other) {
            return other->name != option->name && text::edit_distance(typed, other->name) < 2;
          });
          if (others > 0 || has_option(rows, "--" + typed) ||
              find_synonym(tools.words, "--" + typed) != nullptr) {
            continue;
          }
          const std::vector<std::string_view> all;
          const auto message = unknown_option(rows, tools, all, "--" + typed).message;
          CAPTURE(message);
          CHECK(message.find("did you mean \"--" + name + "\"?") != std::string::npos);
        }
      }
    }
  }
}
