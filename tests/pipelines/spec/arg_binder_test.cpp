#include "pipelines/spec/arg_binder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "tests/pipelines/spec/stages_fixture.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::spec_test;

namespace {

// The second stage of a good spec.
BoundStage second(const std::string& spec) {
  const auto loaded = World().load(spec);
  REQUIRE(render(loaded.faults) == "");
  return loaded.pipeline->stages.at(1);
}

template <class T>
T value(const BoundStage& stage, std::string_view key) {
  const auto* arg = stage.find(key);
  REQUIRE(arg != nullptr);
  return std::get<T>(arg->value.value);
}

}  // namespace

TEST_CASE("ArgBinder: positional values fill their rows in order, and the last row takes the rest") {
  const auto stage = second("lines | exec ls -l \"{url}\" plain stdin=(.body)");
  CHECK(value<std::string>(stage, "COMMAND") == "ls");
  REQUIRE(stage.args.size() == 5);
  CHECK(std::get<std::string>(stage.args[1].value.value) == "-l");
  CHECK(stage.args[2].value.quoted);
  CHECK(stage.args[3].row == stage.args[1].row);
  CHECK(value<std::string>(stage, "stdin") == ".body");
}

TEST_CASE("ArgBinder: keys may stand anywhere, and a repeatable one may occur often") {
  const auto stage = second("lines | fetch header=\"A: 1\" n=3 header=\"B: 2\"");
  CHECK(value<std::uint64_t>(stage, "n") == 3);
  CHECK(value<std::string>(stage, "header") == "B: 2");
  CHECK(stage.args.size() == 3);
  CHECK(stage.find("retry") == nullptr);
}

TEST_CASE("ArgBinder: every stage takes on-error=, timeout= and n=, and a row of its own counts first") {
  const auto stage = second("lines | where (.a) timeout=1s n=60000 on-error={ null }");
  CHECK(value<std::uint64_t>(stage, "timeout") == kSecond);
  CHECK(value<std::uint64_t>(stage, "n") == 60'000);
  CHECK(errors_of("lines | fetch n=60000").find("from 1 to 1000") != std::string::npos);
  CHECK(errors_of("lines n=0 | write n=65536 | null").find("from 1 to 65535") != std::string::npos);
  CHECK(common_args().size() == 3);
}

TEST_CASE("ArgBinder: a stage may refuse one of them and say why, and then no hint names it") {
  static constexpr std::array kRefusing{
      Signature{"lines", StageKind::source},
      Signature{.name = "stop", .kind = StageKind::sink, .refuses = {.timeout = "it has no time"}}};
  const auto faults = [](const char* text) {
    return render(load_spec(text, kRefusing, SpecOptions()).faults);
  };
  CHECK(faults("lines | stop timeout=1s") ==
        "spec:1:14: error: \"stop\" takes no \"timeout=\": it has no time\n"
        "lines | stop timeout=1s\n             ^\n");
  CHECK(faults("lines | stop timeuot=1s").find("did you mean") == std::string::npos);
  CHECK(faults("lines | stop n=2").empty());
}

TEST_CASE("ArgBinder: a stage that takes any key still has the rows that all stages share") {
  const auto stage = second("lines | set meta.a=(.b) n=2 x=(1)");
  CHECK(stage.find("meta.a")->row == nullptr);
  CHECK(value<std::string>(stage, "meta.a") == ".b");
  CHECK(stage.find("n")->row != nullptr);
}

TEST_CASE("ArgBinder: errors in embedded texts are shown at their place, in blocks too") {
  CHECK(errors_of("lines | tee {\n  save \"\\u00e9{nope}\" }") ==
        "spec:2:16: error: no field {nope}\n  save \"\\u00e9{nope}\" }\n               ^\n");
  CHECK(errors_of("lines | where (\n  .a\n  %% 2)") ==
        "spec:3:3: error: \"%%\" makes no sense\n  %% 2)\n  ^\n");
  CHECK(errors_of("lines | extract css=a%%b") ==
        "spec:1:22: error: \"%%\" makes no sense\nlines | extract css=a%%b\n                     ^\n");
}
