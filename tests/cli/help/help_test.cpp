#include "cli/help/help.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/options/table/option_table.hpp"

using namespace leat::cli;

namespace {

std::set<std::string> all_matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

std::set<std::string> long_names() {
  std::set<std::string> names;
  for (const auto* option : options_at(leat::pipelines::kGet)) names.emplace(option->name);
  return names;
}

}  // namespace

TEST_CASE("help: no line is wider than 100 columns") {
  for (const auto& text : {general_help(), get_help(), run_help(), check_help(), bench_help(), work_help()}) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(line.size() <= 100);
    }
  }
}

TEST_CASE("help: -h fits on a screen of 35 lines and 100 columns, and each of its options is one of --help") {
  using namespace leat::pipelines;
  for (const unsigned place : {kGet, kRun, kCheck, kBench, kWork}) {
    const auto all = help_asked(place, std::vector<std::string_view>{"--help"});
    std::istringstream lines(help_asked(place, std::vector<std::string_view>{"-h"}));
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      CAPTURE(line);
      CHECK(line.size() <= 100);
      if (!line.starts_with("  -") && !line.starts_with("      --")) continue;
      const auto end = line.find("  ", 6);
      CHECK(all.find(line.substr(0, end) + " ") != std::string::npos);
    }
    CHECK(count >= 10);
    CHECK(count <= 35);
  }
  std::istringstream lines(general_summary());
  int count = 0;
  for (std::string line; std::getline(lines, line);) ++count;
  CHECK(count <= 35);
}

TEST_CASE("help: it lists every flag of the table, and no other") {
  const std::regex at_line_start("\n {2}(?:-[A-Za-z0-9], | {4})--([a-z0-9.-]+)");
  CHECK(all_matches(get_help(), at_line_start) == long_names());
}

TEST_CASE("man page of get: it describes every flag of the table, and no other") {
  std::ifstream file(LEAT_SOURCE_DIR "/man/leat-get.1");
  REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  const std::regex item(
      "\n\\.It Fl (?:[A-Za-z0-9] , Fl )?Fl ([a-z0-9.-]+)|\n\\.It Fl [A-Za-z0-9] , Fl Fl ([a-z0-9.-]+)");
  std::set<std::string> described;
  const std::string page = text.str();
  for (std::sregex_iterator at(page.begin(), page.end(), item), end; at != end; ++at) {
    described.insert((*at)[1].matched ? (*at)[1] : (*at)[2]);
  }
  CHECK(described == long_names());
}
