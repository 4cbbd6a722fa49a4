#include "cli/get/get_state.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::cli;

namespace {

std::string text_of(const std::vector<std::string_view>& arguments) {
  const auto options = parse_get_options(arguments);
  REQUIRE(options.ok());
  std::string text;
  for (const auto& [name, value] : journal_config(options.value())) text += name + "=" + value + "\n";
  return text;
}

}  // namespace

TEST_CASE(
    "get --state: options about speed don't make it another run, but those about requests and files do") {
  const std::string base = text_of({"-i", "list", "-o", "out/"});
  CHECK(text_of({"-i", "list", "-o", "out/", "-j", "7", "--retry", "9", "-q", "--retry-failed", "--state",
                 "s"}) == base);
  CHECK(text_of({"-i", "list2", "-o", "out/"}) != base);
  CHECK(text_of({"-i", "list", "-o", "elsewhere/"}) != base);
  CHECK(text_of({"-i", "list", "-o", "out/", "-d", "a=1"}) != base);
  CHECK(text_of({"-i", "list", "-o", "out/", "--fields", "url"}) != base);
  CHECK(text_of({"-i", "list", "-o", "out/", "-H", "Accept: x"}) != base);
  CHECK(text_of({"-i", "list", "-O", "out"}) != text_of({"-i", "list", "-o", "out"}));
}

TEST_CASE("get --state: no credentials get into the journal") {
  const std::string text = text_of({"http://me:word@a.org/", "-H", "Authorization: Bearer token", "-u",
                                    "me:secret", "-d", "password=hidden"});
  for (const char* secret : {"word@", "token", "me:secret", "hidden"}) {
    CAPTURE(secret);
    CHECK(text.find(secret) == std::string::npos);
  }
  CHECK(text.find("Authorization") != std::string::npos);
}
