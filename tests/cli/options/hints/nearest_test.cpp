#include "cli/options/hints/nearest.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace leat::cli;

namespace {
constexpr std::array<std::string_view, 5> kNames{"--timeout", "--connect-timeout", "--retry",
                                                 "--retry-max-time", "--jobs"};
}

TEST_CASE("nearest: it finds the name that was mistyped") {
  CHECK(nearest("--timeuot", kNames) == "--timeout");
  CHECK(nearest("--job", kNames) == "--jobs");
  CHECK(nearest("--jbos", kNames) == "--jobs");
  CHECK(nearest("--connecttimeout", kNames) == "--connect-timeout");
}

TEST_CASE("nearest: it takes the beginning of a name for that name") {
  CHECK(nearest("--conn", kNames) == "--connect-timeout");
}

TEST_CASE("nearest: of two names that are as near it takes the longer one") {
  constexpr std::array<std::string_view, 3> kTwo{"--form", "--format", "--fields"};
  CHECK(nearest("--formt", kTwo) == "--format");
  CHECK(nearest("--forn", kTwo) == "--form");
}

TEST_CASE("nearest: it gives nothing if nothing is near") {
  CHECK(nearest("--zzzzzzzzzz", kNames).empty());
  CHECK(nearest("", kNames).empty());
  CHECK(nearest(std::string(1000, 'x'), kNames).empty());
}

TEST_CASE("did_you_mean: it is a question, or empty") {
  CHECK(did_you_mean("--job", kNames) == "; did you mean \"--jobs\"?");
  CHECK(did_you_mean("--zzzzzzzzzz", kNames).empty());
}
