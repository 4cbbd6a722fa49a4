#include "cli/options/table/option_table.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "cli/options/option_value.hpp"
#include "engine/http/message/wire_options.hpp"
#include "pipelines/spec/arg_type.hpp"
#include "pipelines/spec/arg_value.hpp"

using namespace leat;
using namespace leat::cli;
using pipelines::ArgType;
using pipelines::Option;

namespace {

bool is_read_by_limits(const Option& option) {
  return option.type == ArgType::count || option.type == ArgType::size || option.type == ArgType::duration;
}

/// What an argument's value becomes; nothing if the spec refuses it.
std::optional<pipelines::BoundValue> as_argument(const Option& option, const std::string& text) {
  pipelines::PlainValue value;
  value.text = text;
  auto read = pipelines::read_value(arg_row(option), value, "it");
  auto* bound = std::get_if<pipelines::BoundValue>(&read);
  return bound == nullptr ? std::nullopt : std::optional(*bound);
}

}  // namespace

TEST_CASE(
    "the table of options: within a command names and letters are unique, and each has a line of help") {
  for (const auto& command : kCommandNames) {
    std::set<std::string_view> letters;
    std::set<std::string_view> names;
    CAPTURE(command.name);
    for (const auto* option : options_at(command.place)) {
      CAPTURE(option->name);
      CHECK(names.insert(option->name).second);
      CHECK(option->letter.size() <= 1);
      if (!option->letter.empty()) CHECK(letters.insert(option->letter).second);
      CHECK_FALSE(option->help.empty());
      CHECK_FALSE(option->help.ends_with('.'));
      CHECK(option->help.find("(default") == option->help.rfind("(default"));
      CHECK((option->type != ArgType::flag || option->is_switch()));
    }
  }
}

TEST_CASE("the table of options: as an argument of fetch each has a key, and no other has the same") {
  std::set<std::string_view> keys;
  for (const auto& row : pipelines::fetch_arg_rows()) {
    CAPTURE(row.key);
    CHECK_FALSE(row.key.empty());
    CHECK(keys.insert(row.key).second);
    CHECK_FALSE(row.help.empty());
    CHECK_FALSE(row.name.empty());
  }
}

TEST_CASE("the table of options: each default that is shown is a value that the option takes") {
  for (const auto& topic : all_options()) {
    for (const auto& option : topic.rows) {
      if (option.standard.empty() || option.is_switch()) continue;
      CAPTURE(option.name);
      CAPTURE(option.argument);
      CHECK(read_option(option, std::string(option.standard)).ok());
    }
  }
}

TEST_CASE(
    "the table of options: an option and the argument of its row take the same values, 0 and units among "
    "them") {
  for (const auto& topic : all_options()) {
    for (const auto& option : topic.rows) {
      if (option.name.empty() || option.is_switch() || !is_read_by_limits(option)) continue;
      CAPTURE(option.name);
      for (const std::string text : {"0", "1", "1k", "2M", "10MiB", "4kB", "1m30s", "250ms", "2h", "30",
                                     "1.5h", "-1", "", "1 k", "x", "18446744073709551615"}) {
        CAPTURE(text);
        auto on_line = read_option(option, text);
        const auto in_spec = as_argument(option, text);
        REQUIRE(on_line.ok() == in_spec.has_value());
        if (in_spec)
          CHECK(std::get<std::uint64_t>(on_line->value) == std::get<std::uint64_t>(in_spec->value));
      }
    }
  }
}

TEST_CASE(
    "the table of options: libcurl has an option for each row that goes to it as it is, and for no other") {
  for (const auto& topic : all_options()) {
    for (const auto& option : topic.rows) {
      CAPTURE(option.name);
      CHECK(option.to_libcurl == http::is_direct_option(option.key()));
    }
  }
}

TEST_CASE("the table of options: a switch that stands for a word stands for a word that the argument takes") {
  for (const auto& topic : all_options()) {
    for (const auto& option : topic.rows) {
      if (option.stands_for.empty()) continue;
      CAPTURE(option.name);
      const Option* argument = nullptr;
      for (const auto& other : topic.rows) {
        if (other.stands_for.empty() && other.key() == option.key()) argument = &other;
      }
      if (option.key() == "remote-time") continue;  // is an argument of save
      REQUIRE(argument != nullptr);
      CHECK(as_argument(*argument, std::string(option.stands_for)).has_value());
    }
  }
}
