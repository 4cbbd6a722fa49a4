#include "pipelines/extract/html_rules.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <string>

using namespace leat::pipelines;

namespace {

GumboTag asked_of_gumbo(const std::string& name) {
  return gumbo_tagn_enum(name.data(), static_cast<unsigned>(name.size()));
}

}  // namespace

TEST_CASE("tag_of: it gives the tag that gumbo gives, for each name in either case and for names beside it") {
  CHECK(tag_of("") == GUMBO_TAG_UNKNOWN);
  for (int tag = 0; tag < GUMBO_TAG_UNKNOWN; ++tag) {
    const std::string name = gumbo_normalized_tagname(static_cast<GumboTag>(tag));
    CAPTURE(name);
    std::string upper;
    for (const char c : name) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    CHECK(tag_of(name) == asked_of_gumbo(name));
    CHECK(tag_of(upper) == asked_of_gumbo(name));
    for (std::size_t at = 0; at < name.size(); ++at) {
      for (int byte = 1; byte < 256; ++byte) {
        std::string other = name;
        other[at] = static_cast<char>(byte);
        if (tag_of(other) != asked_of_gumbo(other)) CHECK(other == name);
      }
    }
    for (const std::string& other : {name + "x", "x" + name, name + name, name.substr(1)})
      CHECK(tag_of(other) == asked_of_gumbo(other));
  }
}
