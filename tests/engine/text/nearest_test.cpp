#include "engine/text/nearest.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace leat::text;

TEST_CASE("Nearest: inserting, removing, changing and swapping a letter each count one") {
  CHECK(edit_distance("fetch", "fetch") == 0);
  CHECK(edit_distance("fetch", "fecth") == 1);
  CHECK(edit_distance("fetch", "ftch") == 1);
  CHECK(edit_distance("fetch", "fettch") == 1);
  CHECK(edit_distance("", "abc") == 3);
}

TEST_CASE("Nearest: it gives the name that was meant, or none if nothing is near") {
  constexpr std::array<std::string_view, 3> kNames{"host", "path", "name"};
  CHECK(nearest("nmae", kNames) == "name");
  CHECK(nearest("hots", kNames) == "host");
  CHECK(nearest("xyzzy", kNames).empty());
}
