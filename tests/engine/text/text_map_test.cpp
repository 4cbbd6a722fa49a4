#include "engine/text/text_map.hpp"

#include <doctest/doctest.h>

using leat::text::TextHash;
using leat::text::TextMap;

TEST_CASE("TextMap: a view of a part of a text finds the entry of that part") {
  TextMap<int> map;
  map.try_emplace("http://a.org:80", 1);
  const std::string_view url = "http://a.org:80/x";
  REQUIRE(map.find(url.substr(0, 15)) != map.end());
  CHECK(map.find(url.substr(0, 15))->second == 1);
  CHECK_FALSE(map.contains(url));
}

TEST_CASE("TextHash: a view has the hash of its text") {
  CHECK(TextHash()(std::string_view("http://a.org:80")) == TextHash()(std::string("http://a.org:80")));
}
