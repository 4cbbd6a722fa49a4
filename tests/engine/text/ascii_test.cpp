#include "engine/text/ascii.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace leat;

TEST_CASE("is_ascii: a byte beyond ASCII is found wherever it is, whatever the length") {
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

TEST_CASE("equal_ignoring_case: upper and lower case letters are equal, and no other two characters are") {
  for (int a = 1; a < 256; ++a) {
    for (int b = 1; b < 256; ++b) {
      const char left = static_cast<char>(a);
      const char right = static_cast<char>(b);
      const bool alike = a == b || (text::is_letter(left) && text::is_letter(right) && (a ^ b) == 0x20);
      REQUIRE(text::equal_ignoring_case({&left, 1}, {&right, 1}) == alike);
      REQUIRE(text::starts_with_ignoring_case(std::string{left, 'x'}, {&right, 1}) == alike);
      REQUIRE((text::to_lower(left) == text::to_lower(right)) == alike);
    }
  }
  CHECK_FALSE(text::equal_ignoring_case("content-type", "content\rtype"));
  CHECK_FALSE(text::equal_ignoring_case("ab", "abc"));
  CHECK_FALSE(text::starts_with_ignoring_case("ab", "abc"));
}

TEST_CASE("trimmed: blanks are removed at both ends, and stay in the middle") {
  CHECK(text::trimmed(" \t a b \t") == "a b");
  CHECK(text::trimmed(" \t ").empty());
  CHECK(text::trimmed("\ra\n") == "\ra\n");
  CHECK(text::trimmed("\ra \n", text::kBlanksAndLineEnds) == "a");
  CHECK(text::without_leading_blanks(" \ta ") == "a ");
}

TEST_CASE("split: there is one more piece than there are separators") {
  const auto pieces = [](std::string_view text) {
    std::vector<std::string> made;
    for (const auto piece : text::split(text, ',')) made.emplace_back(piece);
    return made;
  };
  CHECK(pieces("") == std::vector<std::string>{""});
  CHECK(pieces("a") == std::vector<std::string>{"a"});
  CHECK(pieces("a,,b") == std::vector<std::string>{"a", "", "b"});
  CHECK(pieces("a,") == std::vector<std::string>{"a", ""});
}

TEST_CASE("hex_digit: digits and letters up to F have a value, and nothing else has") {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const auto at = std::string_view("0123456789abcdef").find(text::to_lower(c));
    CHECK(text::hex_digit(c) == (at == std::string_view::npos ? -1 : static_cast<int>(at)));
  }
}
