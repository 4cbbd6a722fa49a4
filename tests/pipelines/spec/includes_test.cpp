#include "pipelines/spec/includes.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/spec/stages_fixture.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::spec_test;

namespace {

World with_files(std::map<std::string, std::string> files, std::string file = {}) {
  World made;
  made.files = std::move(files);
  made.file = std::move(file);
  return made;
}

// The names of the stages of a good spec.
std::string stages(const std::string& spec, const World& world) {
  const auto loaded = world.load(spec);
  CHECK(render(loaded.faults) == "");
  std::string names;
  if (!loaded.ok()) return names;
  for (const auto& stage : loaded.pipeline->stages) {
    names += (names.empty() ? "" : " ") + std::string(stage.signature->name);
  }
  return names;
}

std::string first_error(const std::string& spec, const World& world) {
  const auto printed = errors_of(spec, world);
  return printed.substr(0, printed.find('\n'));
}

}  // namespace

TEST_CASE("Includes: in the place of a stage, an include gives the file's stages") {
  const auto world = with_files({{"g", "fetch | limit 2"}, {"h", "lines | fetch"}});
  CHECK(stages("lines | include \"g\" | null", world) == "lines fetch limit null");
  CHECK(stages("include \"h\" | include g", world) == "lines fetch fetch limit write");
  CHECK(stages("lines | tee { include \"g\" }", world) == "lines tee write");
}

TEST_CASE("Includes: before the first stage, an include gives the file's lets") {
  const auto world =
      with_files({{"f", "let n = 3; let m = $n; lines | nonsense"}, {"g", "include \"f\"; let k = $m;"}});
  CHECK(stages("include \"f\"; lines | limit $m", world) == "lines limit write");
  CHECK(stages("include \"g\"; lines | limit $k | limit $n", world) == "lines limit limit write");
  CHECK(stages("include \"f\"; let n = 4; lines | limit $n", world) == "lines limit write");
}

TEST_CASE("Includes: the lets of a file in the place of a stage are its own, and it sees those around it") {
  const auto world = with_files({{"f", "let n = 3; limit $n"}, {"g", "limit $n"}});
  CHECK(first_error("lines | include \"f\" | limit $n", world)
            .starts_with("spec:1:29: error: no variable \"n\""));
  CHECK(stages("let n = 1; lines | include \"g\" | include \"f\"", world) == "lines limit limit write");
}

TEST_CASE("Includes: names are relative to the file that includes") {
  const auto world = with_files(
      {{"d/e/a", "include \"../b\" | include \"c\""}, {"d/b", "fetch"}, {"d/e/c", "null"}}, "d/main");
  CHECK(stages("lines | include \"e/a\"", world) == "lines fetch null");
  CHECK(stages("lines | include \"/abs\"", with_files({{"/abs", "fetch"}}, "d/main")) == "lines fetch write");
  CHECK(stages("lines | include \"x/../b\"", with_files({{"b", "fetch"}})) == "lines fetch write");
}

TEST_CASE("Includes: a file that includes itself is refused, and the error shows how it does so") {
  const auto world =
      with_files({{"a", "fetch | include \"b\""}, {"b", "include \"./a\""}, {"l", "include \"l\";"}});
  CHECK(errors_of("lines | include \"a\"", world) ==
        "b:1:9: error: \"./a\" includes itself: a → b → a\ninclude \"./a\"\n        ^\n");
  CHECK(first_error("include \"l\"; lines", world) == "l:1:9: error: \"l\" includes itself: l → l");
  CHECK(first_error("lines | include \"main\"", with_files({{"main", "x"}}, "main")) ==
        "main:1:17: error: \"main\" includes itself: main → main");
  // An argument is not a file, whatever it is called.
  CHECK(stages("lines | include \"spec\"", with_files({{"spec", "fetch"}})) == "lines fetch write");
}

TEST_CASE("Includes: one file may be included twice") {
  const auto world = with_files({{"f", "fetch"}});
  CHECK(stages("lines | include \"f\" | include \"f\"", world) == "lines fetch fetch write");
}

TEST_CASE("Includes: errors in a file show its name and its line") {
  const auto world = with_files({{"bad", "fetch\n| fecth n=3\n| limit none\n| where (.a"}});
  CHECK(
      errors_of("lines | include \"bad\"", world) ==
      "bad:2:3: error: no stage \"fecth\"; did you mean \"fetch\"?\n| fecth n=3\n  ^\n"
      "bad:3:9: error: \"limit\" takes a whole number of at least 1, not \"none\"\n| limit none\n        ^\n"
      "bad:4:9: error: this \"(\" is not closed by a \")\"\n| where (.a\n        ^\n");
}

TEST_CASE("Includes: a file that can't be read is an error, and so are too many files") {
  CHECK(first_error("lines | include \"gone\"", World()) ==
        "spec:1:17: error: can't include \"gone\": No such file or directory");
  const auto bomb = with_files({{"a", "include \"b\" | include \"b\""},
                                {"b", "include \"c\" | include \"c\""},
                                {"c", "include \"d\" | include \"d\""},
                                {"d", "include \"e\" | include \"e\""},
                                {"e", "include \"f\" | include \"f\""},
                                {"f", "include \"g\" | include \"g\""},
                                {"g", "fetch"}});
  CHECK(first_error("lines | include \"a\"", bomb).ends_with("error: more than 100 includes"));
}
