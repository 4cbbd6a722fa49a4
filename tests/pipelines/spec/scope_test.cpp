#include "pipelines/spec/scope.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/spec/stages_fixture.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::spec_test;

namespace {

// The URLs that a spec's `urls` was bound with, or the first line of its errors.
std::string urls(const std::string& spec, const World& world = {}) {
  const auto loaded = world.load(spec);
  if (!loaded.ok()) {
    const auto printed = render(loaded.faults);
    return printed.substr(0, printed.find('\n'));
  }
  std::string out;
  for (const auto& arg : loaded.pipeline->stages[0].args) {
    out += (out.empty() ? "" : " ") + std::get<std::string>(arg.value.value);
    if (arg.value.secret) out += "!";
  }
  return out;
}

World with_set(const std::string& name, const std::string& text) {
  World made;
  made.sets = {{name, text}};
  return made;
}

}  // namespace

TEST_CASE("Variables: a let stands for its value, and may refer to one before it") {
  CHECK(urls("let a = x; let b = $a; let c = \"$a\"; urls $a $b $c") == "x x $a");
  CHECK(urls("let a = $later; let later = x; urls $a") ==
        "spec:1:9: error: no variable \"later\"; give it by let later = …; or --set later=…");
}

TEST_CASE("Variables: within a text of the spec a variable is written with braces") {
  CHECK(urls("let p = 3; let h = \"http://h\"; urls \"{$h}/{$p}/{$p}?a={b}\" http://h/{$p}") ==
        "http://h/3/3?a={b} http://h/3");
  CHECK(urls("urls \"http://h/{$page}\"", with_set("page", "a b{$x}")) == "http://h/a b{$x}");
  CHECK(urls("let a = 1; let b = \"<{$a}>\"; let a = 2; urls \"{$b}\"").find("given twice") !=
        std::string::npos);
  CHECK(urls("let a = \"1\"; let b = \"<{$a}>\"; urls \"{$b}{$b}\"") == "<1><1>");
  CHECK(urls("let a = env:HOST; urls \"http://{$a}/\"") ==
        "spec:1:9: error: env:HOST: the environment has no variable \"HOST\"");
}

TEST_CASE("Variables: what is no variable's name, or in another language, stays as it is") {
  CHECK(urls("urls \"{$} {$1} {$a b} {a} {{}} {\"") == "{$} {$1} {$a b} {a} {{}} {");
  CHECK(errors_of("lines | extract regex=\"x{$a}\"").empty());
}

TEST_CASE("Variables: in a template a variable is just its text") {
  const auto loaded = World().load("let a = \"{x}\"; lines | save \"{name}-{$a}-{{$a}}\"");
  REQUIRE_MESSAGE(loaded.ok(), render(loaded.faults));
  CHECK(std::get<std::string>(loaded.pipeline->stages[1].args[0].value.value) == "{name}-{{x}}-{{$a}}");
}

TEST_CASE("Variables: within a text a secret is refused") {
  World world;
  world.environment = {{"TOKEN", "t0p"}};
  const auto shown = errors_of("let t = secret:TOKEN; urls \"http://h/?k={$t}\"", world);
  CHECK(shown.find("spec:1:42: error: \"$t\" is a secret, which stands as a whole argument") == 0);
  CHECK(shown.find("t0p") == std::string::npos);
  CHECK(errors_of("let t = secret:TOKEN; lines | save \"{name}{$t}\"", world)
            .find("or here as {secret:TOKEN}") != std::string::npos);
}

TEST_CASE("Variables: a fault within a text is shown where it was written") {
  CHECK(errors_of("urls \"a/{$page}\"") ==
        "spec:1:10: error: no variable \"page\"; give it by let page = …; or --set page=…\n"
        "urls \"a/{$page}\"\n         ^\n");
  CHECK(errors_of("let p = (.a); urls \"\\\"{$p}\"")
            .find("spec:1:24: error: \"$p\" is a jq program; within a text") == 0);
  CHECK(errors_of("let a = \"{$a}\"; urls $a").find("spec:1:11: error: \"$a\" stands within itself") == 0);
  CHECK(errors_of("let a = \"{$b}\"; let b = \"{$a}\"; urls \"{$a}\"").find("stands within itself") !=
        std::string::npos);
  const std::string tail = "lines | save \"{$long}{$b} {nome}\"";
  const std::string shown = errors_of("let long = \"0123456789\"; let b = \"\"; " + tail);
  CHECK(shown.find("spec:1:65: error: no field {nome}") == 0);
}

TEST_CASE("Variables: --set beats every let, and may be used without one") {
  CHECK(urls("let a = x; urls $a", with_set("a", "y")) == "y");
  CHECK(urls("let a = x; let b = $a; urls $b", with_set("a", "y")) == "y");
  CHECK(urls("urls $a", with_set("a", "with blanks | and $b")) == "with blanks | and $b");
  World world = with_set("a", "y");
  world.sets.emplace_back("a", "z");
  CHECK(urls("urls $a", world) == "z");
  world.files = {{"f", "let a = x;"}};
  CHECK(urls("include \"f\"; urls $a", world) == "z");
}

TEST_CASE("Variables: a --set that nobody uses is an error that names the nearest let") {
  CHECK(errors_of("let retries = 3; lines | fetch retry=$retries", with_set("retires", "5")) ==
        "--set:1:1: error: the spec has no let \"retires\"; did you mean \"retries\"?\nretires=5\n^\n");
  CHECK(errors_of("lines", with_set("cap", "5")) ==
        "--set:1:1: error: the spec has no let \"cap\"; one is made by let cap = …;\ncap=5\n^\n");
  CHECK(errors_of("let cap = 1; lines", with_set("cap", "5")) == "");
}

TEST_CASE("Variables: an error in the text of a --set is shown there") {
  CHECK(errors_of("lines | fetch n=$n", with_set("n", "many")) ==
        "--set:1:3: error: n= takes a whole number from 1 to 1000, not \"many\"\nn=many\n  ^\n");
  CHECK(errors_of("lines | where $p", with_set("p", "(.a %% 2)")) ==
        "--set:1:7: error: \"%%\" makes no sense\np=(.a %% 2)\n      ^\n");
  CHECK(errors_of("lines | where $p", with_set("p", "(.a")) ==
        "--set:1:3: error: \"where\" takes a jq program in ( … ), not \"(.a\"\np=(.a\n  ^\n");
}

TEST_CASE("Variables: file: is the text of a file without its last line end, and file:// begins a URL") {
  World world = with_set("f", "file:b");
  world.files = {{"a", "x y\n"}, {"b", "z\n\r\n"}, {"bad", "\xFF"}};
  CHECK(urls("let f = file:a; urls file:a $f \"file:a\"", World(world)) == "x y z\n file:a");
  CHECK(urls("urls $f file:///etc/passwd file:", world) == "z\n file:///etc/passwd file:");
  CHECK(errors_of("urls $f file:none", world).find("file:none: ") != std::string::npos);
  CHECK(errors_of("urls $f file:bad", world).find("file:bad: it is not UTF-8") != std::string::npos);
}

TEST_CASE("Variables: what is no UTF-8 may stand where bytes do, and in no program, text or URL") {
  World world;
  world.environment = {{"BAD", "\xFF"}};
  world.files = {{"bad", std::string("\xFF\0", 2)}};
  CHECK(errors_of("lines | fetch user=file:bad | null", world).empty());
  CHECK(errors_of("lines | fetch header=env:BAD | null", world).find("UTF-8") == std::string::npos);
  CHECK(errors_of("lines env:BAD | null", world).empty());
  for (const char* spec :
       {"urls env:BAD", "let v = env:BAD; lines | where (.url == $v)",
        "let v = env:BAD; lines | fetch user=\"x{$v}\"", "lines | extract css=env:BAD as=meta.x"}) {
    CAPTURE(spec);
    CHECK(errors_of(spec, world).find("env:BAD: it is not UTF-8") != std::string::npos);
  }
}

TEST_CASE("Variables: env: and secret: are whole words, and are looked up where they are used") {
  World world;
  world.environment = {{"A", "x y"}, {"S", "hunter2"}, {"EMPTY", ""}};
  CHECK(urls("urls env:A secret:S \"env:A\" xenv:A", world) == "x y hunter2! env:A xenv:A");
  CHECK(urls("let s = secret:S; let t = $s; urls $t", world) == "hunter2!");
  CHECK(urls("let unused = secret:NOBODY; urls x", world) == "x");
  CHECK(urls("let s = secret:NOBODY; urls $s", world) ==
        "spec:1:9: error: secret:NOBODY: the environment has no variable \"NOBODY\"");
  world.sets = {{"s", "secret:S"}};
  CHECK(urls("let s = secret:NOBODY; urls $s", world) == "hunter2!");
  CHECK(urls("urls env:EMPTY", World(world)) ==
        "spec:1:6: error: \"urls\" takes a URL, not \"\" from env:EMPTY");
}

TEST_CASE("Variables: a secret is in no message, wherever it goes") {
  World world;
  world.environment = {{"S", "hunter2{nope}%%"}};
  for (const char* spec :
       {"lines secret:S | fetch n=secret:S stall=secret:S fail=secret:S insecure=secret:S header=secret:S",
        "let s = secret:S; lines | where $s | extract css=$s regex=$s | save $s | write $s to=$s fields=$s",
        "lines | sample secret:S | crawl next=secret:S scope=secret:S | limit secret:S | secret:S",
        "lines | paginate next=secret:S | exec secret:S secret:S | set a=secret:S secret:S=secret:S"}) {
    CAPTURE(spec);
    CHECK(errors_of(spec, world).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("Variables: a let may contain a block, which sees the lets around its own place") {
  const auto loaded =
      World().load("let n = 5; let b = { fetch n=$n }; lines | tee { let n = 7; tee $b } | tee $b");
  REQUIRE(loaded.ok());
  const auto& stages = loaded.pipeline->stages;
  const auto block = [](const BoundStage& stage) {
    return std::get<std::shared_ptr<const BoundPipeline>>(stage.args[0].value.value);
  };
  const auto n = [](const BoundStage& stage) {
    return std::get<std::uint64_t>(stage.find("n")->value.value);
  };
  CHECK(n(block(block(stages[1])->stages[0])->stages[0]) == 5);
  CHECK(n(block(stages[2])->stages[0]) == 5);
}

TEST_CASE("Variables: the lets of a block are seen only there") {
  CHECK(errors_of("lines | tee { let n = 7; limit $n } | limit $n")
            .starts_with("spec:1:45: error: no variable \"n\""));
}

namespace {

// What a program was bound to, or its errors.
std::string program(const std::string& spec, const World& world = {}) {
  const auto loaded = world.load(spec);
  if (!loaded.ok()) return render(loaded.faults);
  return std::get<std::string>(loaded.pipeline->stages[1].args.front().value.value);
}

}  // namespace

TEST_CASE("Variables: a jq program sees variables, numbers as numbers and all else as text") {
  CHECK(program("let n = 5; lines | where (.status == $n)") == "5 as $n | .status == $n");
  CHECK(program("let n = \"5\"; lines | where (.status == $n)") == "\"5\" as $n | .status == $n");
  CHECK(program("let n = -1.5; lines | where ($n)") == "(-1.5) as $n | $n");
  CHECK(program("let t = 30s; lines | where ($t, $t)") == "\"30s\" as $t | $t, $t");
  CHECK(program("let t = \"a\\\"\\\\(1)\"; lines | where (.a == $t)") == R"x("a\"\\(1)" as $t | .a == $t)x");
  CHECK(program("lines | where (.a == $n)", with_set("n", "7")) == "7 as $n | .a == $n");
  CHECK(program("let n = 1; let p = (.a == $n); lines | where $p") == "1 as $n | .a == $n");
  CHECK(program("let n = 1; lines | where ({$n} | \"\\($n)\")") == "1 as $n | {$n} | \"\\($n)\"");
  World world;
  world.environment = {{"N", "5"}};
  CHECK(program("let n = env:N; lines | where ($n)", world) == "\"5\" as $n | $n");
}

TEST_CASE("Variables: variables that a jq program binds itself are its own") {
  for (const char* text : {". as $x | $x", "reduce .[] as [$a, {b: $c}] (0; $a + $c)", "def f($x): $x; f(1)",
                           "label $out | 1, break $out", ". as {a: $y, $z} | $y + $z", "\"$x\"", "# $x\n."}) {
    CAPTURE(text);
    CHECK(program("lines | where (" + std::string(text) + ")") == text);
  }
  CHECK(program("let x = 1; lines | where ($x, (. as $x | $x))") == "1 as $x | $x, (. as $x | $x)");
}

TEST_CASE("Variables: a variable that a jq program can't have is an error at its place") {
  CHECK(program("let cap = 1; lines | where (.a == $cup)") ==
        "spec:1:35: error: no variable \"cup\"; did you mean \"cap\"?\n"
        "let cap = 1; lines | where (.a == $cup)\n"
        "                                  ^\n");
  CHECK(program("let p = (.a); lines | where ($p)").find(":1:30: error: \"$p\" is a jq program;") !=
        std::string::npos);
  World world;
  world.environment = {{"TOKEN", "hunter2"}};
  const auto secret = program("let t = secret:TOKEN; lines | where (.a == $t)", world);
  CHECK(secret.find(":1:44: error: \"$t\" is a secret") != std::string::npos);
  CHECK(secret.find("hunter2") == std::string::npos);
}
