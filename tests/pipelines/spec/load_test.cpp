#include "pipelines/spec/load.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "pipelines/stages/stage_table.hpp"
#include "tests/pipelines/spec/good_specs.hpp"
#include "tests/pipelines/spec/spec_properties.hpp"
#include "tests/pipelines/spec/stages_fixture.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::spec_test;

namespace {

// The cap is set for all of them, though only few use it.
World world_for(std::string_view spec) {
  auto world = good_world();
  if (spec.find("cap") == std::string_view::npos) world.sets.clear();
  return world;
}

/// Makes one change of a few bytes, as people and shells do it to a spec.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string operator()(std::string text) {
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) change(text);
    return text;
  }
  std::size_t below(std::size_t most) { return random_() % most; }

 private:
  void change(std::string& text) {
    static const std::vector<std::string> kPieces{"|",
                                                  "{",
                                                  "}",
                                                  "(",
                                                  ")",
                                                  ";",
                                                  "\"",
                                                  "\\",
                                                  " ",
                                                  "\n",
                                                  "#",
                                                  "=",
                                                  "$",
                                                  "let ",
                                                  "let a=1;",
                                                  "n=3",
                                                  "n=x",
                                                  "\\(",
                                                  "ä",
                                                  "\xff",
                                                  "\\u12",
                                                  "env:N",
                                                  "secret:TOKEN",
                                                  "include \"x\"",
                                                  " #c\n",
                                                  "fetch ",
                                                  "{a",
                                                  "(.a)",
                                                  "on-error={ null }",
                                                  std::string(1, '\0')};
    const auto at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        text.insert(at, kPieces[below(kPieces.size())]);
        break;
      case 1:
        text.erase(at, 1 + below(8));
        break;
      case 2:
        text.insert(at, text.substr(below(text.size() + 1), below(20)));
        break;
      case 3:
        text.resize(at);
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(' ' + below(95));
    }
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("load_spec: every good spec gives typed stages") {
  for (const auto spec : kGoodSpecs) {
    CAPTURE(spec);
    const auto loaded = world_for(spec).load(std::string(spec));
    CHECK(render(loaded.faults) == "");
    CHECK(loaded.ok());
  }
}

TEST_CASE("load_spec: every promise holds for good specs") {
  for (const auto spec : kGoodSpecs) {
    CAPTURE(spec);
    CHECK(broken_promise(std::string(spec), world_for(spec)) == "");
  }
}

TEST_CASE("load_spec: 10,000 mutated specs give a result or an error with a position inside the text") {
  Mutator mutate(20261121);
  std::size_t good = 0;
  std::size_t formatted = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto spec = kGoodSpecs[mutate.below(kGoodSpecs.size())];
    const auto text = mutate(std::string(spec));
    CAPTURE(text);
    const auto world = world_for(text);
    const auto broken = broken_promise(text, world);
    REQUIRE(broken == "");
    if (world.load(text).ok()) ++good;
    if (parse(text).ok) ++formatted;
  }
  // Not all mutations are harmless, and not all are fatal.
  CHECK(good > 500);
  CHECK(good < 9'000);
  CHECK(formatted > good);
}

TEST_CASE("load_spec: twice the text takes about twice the steps at most") {
  const std::vector<std::string> pieces{"(",       "{",        "a|",     "a ",  "a{",       "\"",
                                        "\\",      "x=(\"\\(", "a|tee{", "#\n", "let a=1;", "a=b ",
                                        "(\"a\")", ") ",       "} ",     "; ",  "${",       "a\"\" "};
  for (const auto& piece : pieces) {
    CAPTURE(piece);
    std::string text;
    while (text.size() < (std::size_t{1} << 16)) text += piece;
    const auto once = parse(text).steps;
    const auto twice = parse(text + text).steps;
    CHECK(twice <= 2 * once + 2 * text.size() / 10 + 100);
    CHECK(once <= 4 * text.size());
  }
}

TEST_CASE("load_spec: a spec of 1 MiB is read, but a larger one is not") {
  std::string text = "lines | where (";
  text.append(kMaxSpec - text.size() - 1, '1');
  CHECK(errors_of(text + ")") == "");
  const auto faults = World().load(text + "1)").faults;
  REQUIRE(faults.shown.size() == 1);
  CHECK(faults.shown[0].message == "the spec is larger than 1 MiB");
}

TEST_CASE("load_spec: texts that would nest without end, or that stand for too much, are errors") {
  const auto repeat = [](const std::string& piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += piece;
    return text;
  };
  const auto first = [](const std::string& text, const World& world = {}) {
    const auto faults = world.load(text).faults;
    return faults.empty() ? std::string() : faults.shown[0].message;
  };
  CHECK(first("lines | where " + repeat("(", 100'000)) == "more than 64 parentheses within each other");
  CHECK(first("lines | where " + repeat("(\"\\", 100'000)) == "more than 64 parentheses within each other");
  CHECK(first(repeat("lines | tee { ", 65)) == "more than 64 blocks within each other");
  CHECK(first("lines" + repeat("|null", 100'000)) == "more than 10000 stages");
  std::string doubling = "let a0 = { null };";
  for (int i = 0; i < 30; ++i) {
    const auto a = "$a" + std::to_string(i);
    doubling += "let a" + std::to_string(i + 1) + " = { tee " + a + " | tee " + a + " };";
  }
  CHECK(first(doubling + "lines | tee $a30") == "more than 10000 stages, those of variables counted");
  World big;
  big.environment = {{"BIG", std::string(1 << 20, 'x')}};
  CHECK(first("urls " + repeat("env:BIG ", 17), big) ==
        "variables stand for more than 16 MiB of text in all");
  CHECK(first("urls " + repeat("env:BIG ", 16), big) == "");
}

TEST_CASE("load_spec: ten errors are printed, and the number of further ones") {
  std::string text = "lines";
  for (int i = 0; i < 13; ++i) text += "\n| fecth";
  const auto faults = World().load(text).faults;
  CHECK(faults.shown.size() == 10);
  CHECK(faults.more == 3);
  const auto printed = render(faults);
  CHECK(printed.starts_with("spec:2:3: error: no stage \"fecth\"; did you mean \"fetch\"?\n| fecth\n  ^\n"));
  CHECK(printed.ends_with("and 3 more errors\n"));
}

TEST_CASE("load_spec: errors of grammar and of meaning are found together, in the order of the text") {
  CHECK(errors_of("lines | fecth\n| where (.a))\n| fetch n=x") ==
        "spec:1:9: error: no stage \"fecth\"; did you mean \"fetch\"?\nlines | fecth\n        ^\n"
        "spec:2:13: error: this \")\" closes nothing\n| where (.a))\n            ^\n"
        "spec:3:11: error: n= takes a whole number from 1 to 1000, not \"x\"\n| fetch n=x\n          ^\n");
}

TEST_CASE("load_spec: a file's errors show its name") {
  World world;
  world.file = "dir/x.leat";
  CHECK(errors_of("lines\n| fecth", world) ==
        "dir/x.leat:2:3: error: no stage \"fecth\"; did you mean \"fetch\"?\n| fecth\n  ^\n");
}

TEST_CASE("load_spec: an argument and a file of one text give the same stages") {
  for (const auto spec : kGoodSpecs) {
    auto world = world_for(spec);
    const auto argument = world.load(std::string(spec));
    world.file = "x.leat";
    const auto file = world.load(std::string(spec));
    REQUIRE(argument.ok());
    REQUIRE(file.ok());
    CHECK(argument.pipeline->stages.size() == file.pipeline->stages.size());
  }
}

TEST_CASE("load_spec: a text that is not UTF-8, or contains NUL, is an error at that place") {
  CHECK(errors_of("lines | save \"a\xff\"") ==
        "spec:1:16: error: this is not UTF-8\nlines | save \"a\xEF\xBF\xBD\"\n               ^\n");
  CHECK(errors_of(std::string("li\0nes", 6)) ==
        "spec:1:3: error: a spec holds no NUL character\nli\xEF\xBF\xBDnes\n  ^\n");
}

TEST_CASE("load_spec: later checks can point at stages and arguments") {
  const auto loaded = World().load("lines\n| fetch n=3");
  REQUIRE(loaded.ok());
  const auto& stage = loaded.pipeline->stages[1];
  const auto fault = diagnose(*loaded.sources, stage.find("n")->span, "too few");
  CHECK(render(SpecFaults{{fault}, 0}) == "spec:2:11: error: too few\n| fetch n=3\n          ^\n");
}

TEST_CASE("load_spec: a line that is shown with its fault has stars in place of its secrets") {
  const auto loaded = load_spec("urls http://a | fetch user=me:pw bearer=t nosuch=1",
                                leat::pipelines::stage_signatures(), {});
  REQUIRE_FALSE(loaded.ok());
  CHECK(loaded.faults.shown[0].excerpt == "urls http://a | fetch user=***** bearer=* nosuch=1");
  CHECK(loaded.faults.shown[0].column == 43);
}

TEST_CASE("format_spec: it formats a text that parses, whatever its stages are, and else gives its errors") {
  const auto good = format_spec("a|b", "");
  REQUIRE(std::holds_alternative<std::string>(good));
  CHECK(std::get<std::string>(good) == "a | b");
  const auto bad = format_spec("a||b", "f");
  REQUIRE(std::holds_alternative<SpecFaults>(bad));
  CHECK(std::get<SpecFaults>(bad).shown[0].file == "f");
}
