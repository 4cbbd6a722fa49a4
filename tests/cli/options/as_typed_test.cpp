#include "cli/options/as_typed.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::cli;
using leat::pipelines::kBench;
using leat::pipelines::kGet;

namespace {

std::string typed(const std::vector<std::string_view>& words, std::string_view message,
                  unsigned place = kGet) {
  const auto given = parse_options(place, words);
  REQUIRE_MESSAGE(given.ok(), given.error().message);
  return as_typed(given.value(), place, message);
}

}  // namespace

TEST_CASE("as_typed: settings are called as the options that mean them, and all else stays as it is") {
  CHECK(typed({}, "\"cert\": x.pem: holds no key; name the file of its key by \"key\"") ==
        "--cert: x.pem: holds no key; name the file of its key by --key");
  CHECK(typed({}, "\"cert\": x", kBench) == "--cert: x");
  CHECK(typed({}, "\"block-private\": proxy \"\" if \"unix-socket\"") ==
        "--block-private: proxy \"\" if --unix-socket");
  CHECK(typed({}, "\"no-such\": \"fetch\" takes n") == "\"no-such\": \"fetch\" takes n");
  CHECK(typed({}, "an \" alone") == "an \" alone");
  CHECK(typed({}, "") == "");
}

TEST_CASE("as_typed: of several options for a setting, the one that was given is named") {
  CHECK(typed({"--netrc-optional"}, "\"netrc\": line 1") == "--netrc-optional: line 1");
  CHECK(typed({"--netrc"}, "\"netrc\": line 1") == "--netrc: line 1");
  CHECK(typed({"--http2"}, "\"http\": none") == "--http2: none");
}
