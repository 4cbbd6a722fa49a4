#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

using Words = std::vector<std::string>;

/// What bash offers for the last of the words, which may be a beginning.
std::set<std::string> offered(const std::string& folder, const Words& words) {
  std::string script = "cd " + folder + " && . ./leat.bash && COMP_WORDS=(";
  for (const auto& word : words) script += "'" + word + "' ";
  script +=
      ") COMP_CWORD=" + std::to_string(words.size() - 1) + " && _leat; printf '%s\\n' \"${COMPREPLY[@]}\"";
  const auto ended = run_process({"bash", "-c", script});
  REQUIRE_MESSAGE(ended.status == 0, ended.err);
  CHECK(ended.err.empty());
  const auto lines = lines_of(ended.out);
  std::set<std::string> names(lines.begin(), lines.end());
  names.erase("");
  return names;
}

}  // namespace

TEST_CASE("generate bash: the shell completes commands, options, their words, files and stages") {
  const TempDir dir;
  const auto made = run_leat({"generate", "bash"});
  REQUIRE(made.status == 0);
  write_file(dir / "leat.bash", made.out);
  write_file(dir / "urls.txt", "");
  const auto complete = [&](const Words& words) { return offered(dir / "", words); };
  using Set = std::set<std::string>;

  CHECK(complete({"leat", "ge"}) == Set{"get", "generate"});
  CHECK(complete({"leat", "get", "--if"}) == Set{"--if-changed"});
  CHECK(complete({"leat", "bench", "--if"}).empty());
  CHECK(complete({"leat", "get", "--on-exist", "re"}) == Set{"resume", "rename"});
  CHECK(complete({"leat", "get", "--on-exist", "=", "re"}) == Set{"resume", "rename"});
  CHECK(complete({"leat", "get", "--on-exist", "="}).contains("overwrite"));
  CHECK(complete({"leat", "bench", "--format", ""}) == Set{"text", "json", "markdown"});
  CHECK(complete({"leat", "get", "-i", "ur"}) == Set{"urls.txt"});
  CHECK(complete({"leat", "get", "-j", "u"}).empty());
  CHECK(complete({"leat", "help", "pag"}) == Set{"paginate"});
  CHECK(complete({"leat", "generate", "man", "b"}) == Set{"bench"});
}

TEST_CASE("generate zsh and fish: each option of each command has its line, with the words that it takes") {
  const auto zsh = run_leat({"generate", "zsh"});
  const auto fish = run_leat({"generate", "fish"});
  REQUIRE(zsh.status == 0);
  REQUIRE(fish.status == 0);
  CHECK(zsh.out.starts_with("#compdef leat\n"));
  CHECK(zsh.out.find("'--on-exist=[") != std::string::npos);
  CHECK(zsh.out.find(":HOW:(resume skip overwrite rename fail)'") != std::string::npos);
  CHECK(fish.out.find("-l on-exist -x -a 'resume skip overwrite rename fail'") != std::string::npos);
  CHECK(fish.out.find("from get' -l jobs -s j -x -d ") != std::string::npos);
  CHECK(fish.out.find("from bench' -l vs -x") != std::string::npos);
}

TEST_CASE("generate: a word that it does not know is refused, with what it takes") {
  CHECK(run_leat({"generate"}).status == 2);
  CHECK(run_leat({"generate", "man"}).status == 2);
  CHECK(run_leat({"generate", "man", "help"}).status == 2);
  const auto wrong = run_leat({"generate", "bsh"});
  CHECK(wrong.status == 2);
  CHECK(wrong.err.find("did you mean \"bash\"?") != std::string::npos);
  CHECK(run_leat({"generate", "man", "get"}).out.find(".It Fl j , Fl Fl jobs Ar N\n") != std::string::npos);
}
