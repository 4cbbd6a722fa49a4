#include "engine/text/ascii.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat;

TEST_CASE("is_ascii: a byte beyond ASCII is found wherever it stands, whatever the length") {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string text(size, 'a');
    CHECK(text::is_ascii(text));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      CHECK_FALSE(text::is_ascii(text));
      text[at] = '\x7f';
      CHECK(text::is_ascii(text));
      text[at] = 'a';
    }
  }
}
