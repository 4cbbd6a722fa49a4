#include "cli/bench/team_plan.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/bench/bench_config.hpp"
#include "tests/cli/fake_system.hpp"

using namespace leat;
using namespace leat::cli;

namespace {

std::string lines_of(std::vector<std::string_view> arguments) {
  arguments.push_back("https://h/");
  auto given = parse_options(pipelines::kBench, arguments);
  REQUIRE(given.ok());
  FakeSystem system;
  auto config = read_bench_config(given.value(), system);
  REQUIRE_MESSAGE(config.ok(), config.error().message);
  return plan_lines(config->plan) + question_lines(config->report);
}

}  // namespace

TEST_CASE("Team plan: what decides about good answers and connections has to be typed alike") {
  const std::string sha(64, 'A');
  const std::string other_sha(64, 'b');
  const std::string plain = lines_of({});
  CHECK(plain == lines_of({}));
  struct Case {
    std::string option;
    std::string value;
    std::string line;
  };
  for (const Case& one :
       std::vector<Case>{{"--expect-sha256", sha, "\nexpect-sha256 " + std::string(64, 'a') + "\n"},
                         {"--no-sessionid", "", "\nsessionid false\n"},
                         {"--connect-timeout", "3s", "\nconnect-timeout 3000000000ns\n"},
                         {"--timeout", "3s", "\ntimeout 3000000000ns\n"},
                         {"--expect-body-size", "7", "\nbody-size 7\n"},
                         {"--expect-status", "201", "\nstatus 201..201\n"}}) {
    CAPTURE(one.option);
    std::vector<std::string_view> words{one.option};
    if (!one.value.empty()) words.push_back(one.value);
    const std::string lines = lines_of(words);
    CHECK(lines != plain);
    CHECK(lines.find(one.line) != std::string::npos);
  }
  CHECK(lines_of({"--expect-sha256", sha}) != lines_of({"--expect-sha256", other_sha}));
}

TEST_CASE("Team plan: what may be secret is a number in it") {
  const std::string lines =
      lines_of({"-u", "name:hidden-word", "-H", "X-Key: hidden-too", "-d", "hidden-body"});
  CHECK(lines.find("hidden") == std::string::npos);
  CHECK(lines != lines_of({"-u", "name:another-word", "-H", "X-Key: hidden-too", "-d", "hidden-body"}));
  CHECK(lines != lines_of({"-u", "name:hidden-word", "-H", "X-Key: another", "-d", "hidden-body"}));
}
