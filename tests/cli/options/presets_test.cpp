#include "cli/options/presets.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <string>
#include <vector>

using namespace leat;
using namespace leat::cli;

namespace {

using Words = std::vector<std::string>;

class FakeSystem final : public System {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> variables;

  bool is_same_file(const std::string& a, const std::string& b) override { return a == b; }
  bool is_terminal(int) override { return false; }
  bool is_directory(const std::string&) override { return false; }
  Status check_readable(const std::string& path) override {
    if (files.contains(path)) return std::nullopt;
    return Error(Errc::file_error, "No such file or directory");
  }
  Result<std::string> read_file(const std::string& path) override {
    if (auto error = check_readable(path)) return std::move(*error);
    return files.at(path);
  }
  std::optional<std::string> ask_secret(const std::string&) override { return std::nullopt; }
  std::string environment(const char* name) override {
    return variables.contains(name) ? variables.at(name) : "";
  }
};

const std::array kCommands{CommandName{"get", pipelines::kGet}, CommandName{"run", pipelines::kRun},
                           CommandName{"bench", pipelines::kBench}};

Result<Presets> presets_of(FakeSystem& system, const Words& typed = {}, std::size_t command = 0) {
  const std::vector<std::string_view> words(typed.begin(), typed.end());
  return with_presets(kCommands[command], words, system);
}

Words arguments(const std::string& file, const Words& typed = {}, std::size_t command = 0) {
  FakeSystem system;
  system.variables["HOME"] = "/h";
  system.files["/h/.config/leat/config"] = file;
  auto presets = presets_of(system, typed, command);
  REQUIRE_MESSAGE(presets.ok(), presets.error().message);
  return presets->arguments;
}

std::string fault(const std::string& file) {
  FakeSystem system;
  system.files["c"] = file;
  const auto presets = presets_of(system, {"--config", "c"});
  return presets.ok() ? "" : presets.error().message;
}

}  // namespace

TEST_CASE("presets: the options of a file come before those that are typed") {
  CHECK(arguments("jobs=4\n", {"-j", "8", "u"}) == Words{"--jobs=4", "-j", "8", "u"});
}

TEST_CASE(
    "presets: a section is for its command, and lines before all sections are for every command with that "
    "option") {
  const std::string file =
      "grace = 3s\njobs=2\n[get]\nper-host=1\n[run]\nexpr-timeout=5s\n[bench]\nthreads=2\n";
  CHECK(arguments(file) == Words{"--grace=3s", "--jobs=2", "--per-host=1"});
  CHECK(arguments(file, {}, 1) == Words{"--grace=3s", "--expr-timeout=5s"});
  CHECK(arguments(file, {}, 2) == Words{"--threads=2"});
}

TEST_CASE(
    "presets: comments, blank lines, quotes and switches are read, and no character of a value has a special "
    "meaning") {
  CHECK(arguments("# c\n; d\n\nquiet\ninsecure=true\nlocation-trusted=off\n") ==
        Words{"--quiet", "--insecure"});
  CHECK(arguments("fields=url,status\nheader=\"X: a, #b; [c] = d\"\nuser-agent = ' me '\n") ==
        Words{"--fields=url,status", "--header=X: a, #b; [c] = d", "--user-agent= me "});
  CHECK(arguments("header=A: 1\nheader=B: 2\n") == Words{"--header=A: 1", "--header=B: 2"});
}

TEST_CASE("presets: the environment comes after the file, and names options in capitals") {
  FakeSystem system;
  system.variables = {{"XDG_CONFIG_HOME", "/x"},
                      {"LEAT_PER_HOST", "2"},
                      {"LEAT_QUIET", "1"},
                      {"LEAT_JOBS", ""},
                      {"LEAT_HELP", "1"}};
  system.files["/x/leat/config"] = "per-host=1\n";
  auto presets = presets_of(system, {"u"});
  REQUIRE(presets.ok());
  CHECK(presets->arguments == Words{"--per-host=1", "--per-host=2", "--quiet", "u"});
  CHECK(presets->origins == Words{"/x/leat/config", "LEAT_PER_HOST", "LEAT_QUIET"});
  system.variables["LEAT_QUIET"] = "maybe";
  CHECK(presets_of(system).error().message == "LEAT_QUIET: \"maybe\" given; takes true or false");
}

TEST_CASE("presets: without a file nothing is set, but a file that is named must exist") {
  FakeSystem system;
  system.variables["HOME"] = "/h";
  auto presets = presets_of(system, {"u"});
  REQUIRE(presets.ok());
  CHECK(presets->arguments == Words{"u"});
  CHECK(presets_of(system, {"--config", "no"}).error().message ==
        "--config: \"no\": No such file or directory");
  system.files["mine"] = "jobs=3\n";
  system.files["/h/.config/leat/config"] = "jobs=4\n";
  CHECK(presets_of(system, {"--config=mine"})->arguments == Words{"--jobs=3", "--config=mine"});
}

TEST_CASE("presets: an error in a file is named, with its section and the nearest name") {
  CHECK(fault("jbos=3\n") == "--config: \"c\": there is no option \"jbos\"; did you mean \"jobs\"?");
  CHECK(fault("[get]\nexpr-timeout=3\n")
            .starts_with("--config: \"c\": there is no option \"expr-timeout\" in [get]"));
  CHECK(fault("[gte]\njobs=3\n") ==
        "--config: \"c\": there is no section [gte]; did you mean \"get\"?; there are [get] [run] [check] "
        "[bench] [work]");
  CHECK(fault("quiet=maybe\n") == "--config: \"c\": quiet: \"maybe\" given; takes true or false");
  CHECK(fault("config=other\n") == "--config: \"c\": config can only be typed");
  CHECK(fault("[get]\nstatus\n") == "--config: \"c\": status in [get] can only be typed");
  CHECK(fault("a line of prose\n").starts_with("--config: \"c\": there is no option \"a line of prose\""));
}

TEST_CASE(
    "presets: a file is read as other systems write it: byte order marks, UTF-16, lines that end in CR") {
  CHECK(arguments("\xEF\xBB\xBFjobs=3\r\nretry=1\r\n") == Words{"--jobs=3", "--retry=1"});
  CHECK(arguments("jobs=3\rretry=1\r") == Words{"--jobs=3", "--retry=1"});
  CHECK(arguments(std::string("\xFF\xFEq\0u\0i\0e\0t\0\n\0", 14)) == Words{"--quiet"});
  CHECK(fault(std::string("j\0o\0", 4)) == "--config: \"c\": holds a NUL byte, so it is no text");
}

TEST_CASE("presets: what is no line of such a file is told how lines are") {
  for (const char* line : {"--jobs 3\n", "jobs: 3\n", "-H \"X: y\"\n", "{\"jobs\":3}\n"}) {
    CAPTURE(line);
    CHECK(fault(line).ends_with("a line is NAME=VALUE, as jobs=3"));
  }
  CHECK_FALSE(fault("jbos=3\n").ends_with("jobs=3"));
}

TEST_CASE("print_config: it prints a file that gives the same options, without secrets") {
  FakeSystem system;
  system.files["c"] = "[get]\njobs=4\nuser=me:secret\n";
  system.variables["LEAT_HEADER"] = "Authorization: secret";
  auto presets = presets_of(system, {"--config", "c", "--print-config", "-j", "8", "-k", "--format",
                                     "{url} \"x\"", "http://a.org/"});
  REQUIRE(presets.ok());
  CHECK(presets->print);
  const auto text = print_config(kCommands[0], *presets);
  REQUIRE(text.ok());
  CHECK(text.value() ==
        "# leat get, from c, LEAT_HEADER\n[get]\njobs=4\n# user is given, and not shown\n"
        "# header is given, and not shown\njobs=8\ninsecure=true\nformat='{url} \"x\"'\n");
  CHECK(arguments(text.value()) == Words{"--jobs=4", "--jobs=8", "--insecure", "--format={url} \"x\""});
}

TEST_CASE("print_config: it shows no secret of any option, whatever the plan would hide") {
  FakeSystem system;
  auto presets = presets_of(system, {"-x", "http://me:SECRET@p:1", "--cert", "file:SECRET", "--data-raw",
                                     "SECRET", "-b", "a=SECRET", "-U", "me:SECRET", "--oauth2-bearer",
                                     "SECRET", "-H", "Accept: text/html", "-b", "jar", "--cert", "file"});
  REQUIRE(presets.ok());
  const auto text = print_config(kCommands[0], *presets);
  REQUIRE(text.ok());
  CHECK(text.value().find("SECRET") == std::string::npos);
  CHECK(text.value().find("cookie=jar\n") != std::string::npos);
  CHECK(text.value().find("cert=file\n") != std::string::npos);
}
