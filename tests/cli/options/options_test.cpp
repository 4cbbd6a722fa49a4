#include "cli/options/options.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <set>
#include <string>
#include <vector>

using namespace leat::cli;

namespace {

GetOptions parsed(std::initializer_list<std::string_view> arguments) {
  auto options = parse_get_options(std::vector<std::string_view>(arguments));
  REQUIRE_MESSAGE(options.ok(), options.error().message);
  return std::move(options.value());
}

std::string refused(std::initializer_list<std::string_view> arguments) {
  auto options = parse_get_options(std::vector<std::string_view>(arguments));
  REQUIRE_FALSE(options.ok());
  return options.error().message;
}

using Urls = std::vector<std::string>;

}  // namespace

TEST_CASE("get options: if nothing is typed, nothing is set") {
  const auto options = parsed({});
  CHECK(options.urls.empty());
  CHECK_FALSE(options.jobs.has_value());
  CHECK_FALSE(options.quiet);
}

TEST_CASE("get options: a value may follow its option, be part of its word, or follow '='") {
  CHECK(parsed({"-j", "64"}).jobs == "64");
  CHECK(parsed({"-j64"}).jobs == "64");
  CHECK(parsed({"--jobs", "64"}).jobs == "64");
  CHECK(parsed({"--jobs=64"}).jobs == "64");
}

TEST_CASE("get options: short switches may be combined, and the last one may take a value") {
  const auto options = parsed({"-kqj64", "http://h/"});
  CHECK(options.insecure);
  CHECK(options.quiet);
  CHECK(options.jobs == "64");
  CHECK(options.urls == Urls{"http://h/"});
}

TEST_CASE("get options: of several values the last one counts") {
  CHECK(parsed({"-j1", "--jobs=2", "-j", "3"}).jobs == "3");
  CHECK(parsed({"-o", "a/{name}", "-o", "b/{name}"}).output == "b/{name}");
}

TEST_CASE("get options: URLs and options come in any order, and after -- all are URLs") {
  CHECK(parsed({"a", "-q", "b", "-j", "1", "c"}).urls == Urls{"a", "b", "c"});
  CHECK(parsed({"-q", "--", "-j", "--nonsense"}).urls == Urls{"-j", "--nonsense"});
}

TEST_CASE("get options: a value may look like an option or a list, or be empty") {
  CHECK(parsed({"-d", "-j"}).data.at(0).text == "-j");
  CHECK(parsed({"-d", "--"}).data.at(0).text == "--");
  CHECK(parsed({"-d", "[1,2]"}).data.at(0).text == "[1,2]");
  CHECK(parsed({"--data=[1,2]"}).data.at(0).text == "[1,2]");
  CHECK(parsed({"-d[1,2]"}).data.at(0).text == "[1,2]");
  CHECK(parsed({"-d", ""}).data.at(0).text.empty());
  CHECK(parsed({"-d", "a=\x01"}).data.at(0).text == "a=\x01");
  CHECK(parsed({"-d", "{}"}).data.at(0).text == "{}");
  CHECK(parsed({"-d", "\"x\""}).data.at(0).text == "\"x\"");
  const auto options = parsed({"--data=", "http://h/"});
  CHECK(options.data.at(0).text.empty());
  CHECK(options.urls == Urls{"http://h/"});
  CHECK(parsed({"[::1]", "-"}).urls == Urls{"[::1]", "-"});
  CHECK(parsed({"-i", "-"}).inputs == Urls{"-"});
}

TEST_CASE("get options: headers and data keep the order in which they came") {
  const auto options =
      parsed({"-d", "a", "-H", "A: 1", "--data-binary", "@f", "--header=B: 2", "--data-raw", "@g"});
  CHECK(options.headers == Urls{"A: 1", "B: 2"});
  REQUIRE(options.data.size() == 3);
  CHECK(options.data[0].kind == DataPart::Kind::text_or_file);
  CHECK(options.data[1].kind == DataPart::Kind::binary_or_file);
  CHECK(options.data[1].text == "@f");
  CHECK(options.data[2].kind == DataPart::Kind::raw);
}

TEST_CASE("get options: an unknown option is named, with the nearest one") {
  CHECK(refused({"--job", "3"}) == "--job: there is no such option; did you mean \"--jobs\"?");
  CHECK(refused({"http://h/", "--insecrue"}) ==
        "--insecrue: there is no such option; did you mean \"--insecure\"?");
  CHECK(refused({"--zzzzzzzz=1"}) == "--zzzzzzzz: there is no such option");
  CHECK(refused({"-z"}) == "-z: there is no such option");
  CHECK(refused({"-kz"}) == "-z: there is no such option");
  CHECK(refused({"--\x1b[31m"}) == "--\\x1b[31m: there is no such option");
}

TEST_CASE("get options: a missing value is named, and so is a surplus one") {
  CHECK(refused({"-j"}) == "--jobs: takes N, and nothing was given");
  CHECK(refused({"http://h/", "--output"}) == "--output: takes TEMPLATE, and nothing was given");
  CHECK(refused({"--quiet=yes"}) == "--quiet: takes no value");
  CHECK(refused({"--quiet=false"}) == "--quiet: takes no value");
}

TEST_CASE("the table of get's flags: names are unique, and each flag has a line of help") {
  std::set<std::string_view> shorts;
  std::set<std::string_view> longs;
  for (const auto& flag : get_flags()) {
    CAPTURE(flag.long_name);
    CHECK(longs.insert(flag.long_name).second);
    CHECK(flag.short_name.size() <= 1);
    if (!flag.short_name.empty()) CHECK(shorts.insert(flag.short_name).second);
    CHECK_FALSE(flag.help.empty());
    CHECK_FALSE(flag.help.ends_with('.'));
    CHECK_FALSE(flag.group.empty());
  }
}
