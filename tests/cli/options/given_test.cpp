#include "cli/options/given.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <vector>

using namespace leat::cli;

namespace {

Given parsed(std::initializer_list<std::string_view> arguments) {
  auto given = parse_options(leat::pipelines::kGet, std::vector<std::string_view>(arguments));
  REQUIRE_MESSAGE(given.ok(), given.error().message);
  return std::move(given.value());
}

std::string refused(std::initializer_list<std::string_view> arguments) {
  auto given = parse_options(leat::pipelines::kGet, std::vector<std::string_view>(arguments));
  REQUIRE_FALSE(given.ok());
  return given.error().message;
}

using Urls = std::vector<std::string>;

}  // namespace

TEST_CASE("get options: if nothing is typed, nothing is set") {
  const auto options = parsed({});
  CHECK(options.operands.empty());
  CHECK_FALSE(options.has("jobs"));
  CHECK_FALSE(options.has("quiet"));
}

TEST_CASE("get options: a value may follow its option, be part of its word, or follow '='") {
  CHECK(parsed({"-j", "64"}).text("jobs") == "64");
  CHECK(parsed({"-j64"}).text("jobs") == "64");
  CHECK(parsed({"--jobs", "64"}).text("jobs") == "64");
  CHECK(parsed({"--jobs=64"}).text("jobs") == "64");
}

TEST_CASE("get options: short switches may be combined, and the last one may take a value") {
  const auto options = parsed({"-kqj64", "http://h/"});
  CHECK(options.has("insecure"));
  CHECK(options.has("quiet"));
  CHECK(options.text("jobs") == "64");
  CHECK(options.operands == Urls{"http://h/"});
}

TEST_CASE("get options: of several values the last one counts") {
  CHECK(parsed({"-j1", "--jobs=2", "-j", "3"}).text("jobs") == "3");
  CHECK(parsed({"-o", "a/{name}", "-o", "b/{name}"}).text("output") == "b/{name}");
}

TEST_CASE("get options: URLs and options come in any order, and after -- all are URLs") {
  CHECK(parsed({"a", "-q", "b", "-j", "1", "c"}).operands == Urls{"a", "b", "c"});
  CHECK(parsed({"-q", "--", "-j", "--nonsense"}).operands == Urls{"-j", "--nonsense"});
}

TEST_CASE("get options: a value may look like an option or a list, or be empty") {
  CHECK(parsed({"-d", "-j"}).options.at(0).text == "-j");
  CHECK(parsed({"-d", "--"}).options.at(0).text == "--");
  CHECK(parsed({"-d", "[1,2]"}).options.at(0).text == "[1,2]");
  CHECK(parsed({"--data=[1,2]"}).options.at(0).text == "[1,2]");
  CHECK(parsed({"-d[1,2]"}).options.at(0).text == "[1,2]");
  CHECK(parsed({"-d", ""}).options.at(0).text.empty());
  CHECK(parsed({"-d", "a=\x01"}).options.at(0).text == "a=\x01");
  CHECK(parsed({"-d", "{}"}).options.at(0).text == "{}");
  CHECK(parsed({"-d", "\"x\""}).options.at(0).text == "\"x\"");
  const auto options = parsed({"--data=", "http://h/"});
  CHECK(options.options.at(0).text.empty());
  CHECK(options.operands == Urls{"http://h/"});
  CHECK(parsed({"[::1]", "-"}).operands == Urls{"[::1]", "-"});
  CHECK(parsed({"-i", "-"}).texts("input") == Urls{"-"});
}

TEST_CASE("get options: headers and data keep the order in which they came") {
  const auto options =
      parsed({"-d", "a", "-H", "A: 1", "--data-binary", "@f", "--header=B: 2", "--data-raw", "@g"});
  CHECK(options.texts("header") == Urls{"A: 1", "B: 2"});
  REQUIRE(options.options.size() == 5);
  CHECK(options.options[0].option->name == "data");
  CHECK(options.options[2].option->name == "data-binary");
  CHECK(options.options[2].text == "@f");
  CHECK(options.options[4].option->name == "data-raw");
}

TEST_CASE("get options: an unknown option is named, with the nearest one") {
  CHECK(refused({"--job", "3"}) == "--job: there is no such option; did you mean \"--jobs\"?");
  CHECK(refused({"http://h/", "--insecrue"}) ==
        "--insecrue: there is no such option; did you mean \"--insecure\"?");
  CHECK(refused({"--zzzzzzzz=1"}) == "--zzzzzzzz: there is no such option");
  CHECK(refused({"-W"}) == "-W: there is no such option");
  CHECK(refused({"-kW"}) == "-W: there is no such option");
  CHECK(refused({"--\x1b[31m"}) == "--\\x1b[31m: there is no such option");
}

TEST_CASE("get options: a missing value is named, and so is a surplus one") {
  CHECK(refused({"-j"}) == "--jobs: takes N, and nothing was given");
  CHECK(refused({"http://h/", "--output"}) == "--output: takes TEMPLATE, and nothing was given");
  CHECK(refused({"--quiet=yes"}) == "--quiet: takes no value");
  CHECK(refused({"--quiet=false"}) == "--quiet: takes no value");
}

TEST_CASE("get options: a value stays whole if it is part of a list, empty, or looks like an option") {
  CHECK(parsed({"-d", "--data="}).options.at(0).text == "--data=");
  CHECK(parsed({"-kd", "--data=", "u"}).operands == Urls{"u"});
  CHECK(parsed({"--", "--data="}).operands == Urls{"--data="});
}
