#pragma once

#include <doctest/doctest.h>

#include <array>
#include <sstream>
#include <string>
#include <vector>

#include "cli/get/config.hpp"
#include "cli/options/given.hpp"
#include "cli/options/hints/hints.hpp"
#include "cli/options/hints/meant.hpp"
#include "cli/options/table/option_table.hpp"
#include "cli/run/spec_loader.hpp"
#include "pipelines/spec/load.hpp"
#include "pipelines/stages/stage_table.hpp"
#include "tests/cli/fake_system.hpp"

namespace leat::cli::hints_test {

using Words = std::vector<std::string_view>;

inline FakeSystem machine() {
  FakeSystem system;
  system.files["urls.txt"] = "http://h/\n";
  system.files["job.leat"] = "lines | fetch";
  return system;
}

template <class Value>
std::string fault_of(const Result<Value>& result) {
  return result ? std::string() : result.error().message;
}

inline std::string said_by(unsigned place, const Words& words) {
  auto system = machine();
  auto given = parse_options(place, words);
  if (!given || place == pipelines::kCheck) return fault_of(given);
  if (place == pipelines::kGet) return fault_of(read_get_config(*given, system));
  if (place == pipelines::kRun) return fault_of(read_spec(*given, system));
  const auto error = check_url_words(given->operands, system);
  return error ? error->message : std::string();
}

/// What leat says of a command line, without what main puts around it. "spec" stands for `leat run` with all
/// behind it as one spec.
inline std::string said(const std::string& line) {
  const auto blank = line.find(' ');
  const auto command = line.substr(0, blank);
  const auto rest = blank == std::string::npos ? std::string() : line.substr(blank + 1);
  if (command == "spec") {
    const auto loaded = pipelines::load_spec(rest, pipelines::stage_signatures(), {});
    return loaded.ok() ? std::string() : loaded.faults.shown.front().message;
  }
  std::istringstream in(rest);
  std::vector<std::string> parts;
  for (std::string part; in >> part;) parts.push_back(part);
  const Words words(parts.begin(), parts.end());
  for (const auto& one : kCommandNames) {
    if (one.name == command) return said_by(one.place, words);
  }
  constexpr std::array<std::string_view, 5> kCommands{"get", "run", "check", "bench", "help"};
  auto system = machine();
  if (command == "help") return meant_by_topic(rest, kCommands);
  return meant_by_command(rest, kCommands, system);
}

struct Row {
  const char* typed;  // behind "leat"; "leat X" is a word in place of a command, "spec X" a spec
  const char* names;  // what the message has in it
};

template <std::size_t N>
void check_rows(const Row (&rows)[N]) {
  for (const auto& row : rows) {
    const auto message = said(row.typed);
    CAPTURE(std::string(row.typed));
    CAPTURE(std::string(row.names));
    CAPTURE(message);
    CHECK(message.find(row.names) != std::string::npos);
  }
}

}  // namespace leat::cli::hints_test
