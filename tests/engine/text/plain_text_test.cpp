#include "engine/text/plain_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/text/utf8.hpp"

using namespace leat::text;

namespace {

std::string utf16(std::u16string_view text, bool little_endian) {
  std::string bytes;
  for (const char16_t unit : text) {
    const auto high = static_cast<char>(unit >> 8);
    const auto low = static_cast<char>(unit & 0xFF);
    bytes += little_endian ? low : high;
    bytes += little_endian ? high : low;
  }
  return bytes;
}

std::string in_chunks(const std::string& text, std::size_t size) {
  PlainText plain;
  std::string all;
  for (std::size_t at = 0; at < text.size(); at += size) {
    std::string chunk = text.substr(at, size);
    plain.convert(chunk);
    all += chunk;
  }
  return all + plain.finish();
}

// However the text is cut.
void check_plain(const std::string& text, const std::string& wanted) {
  CHECK(plain_text(text) == wanted);
  for (std::size_t size = 1; size <= text.size(); ++size) {
    CAPTURE(size);
    CHECK(in_chunks(text, size) == wanted);
  }
}

}  // namespace

TEST_CASE("PlainText: UTF-16 of either order with its mark becomes UTF-8, however it is cut") {
  const std::u16string text = u"\uFEFFhttp://h/\u00E9\r\nhttp://h/\u20AC\U0001F600\r\n";
  const std::string wanted = "http://h/\xC3\xA9\r\nhttp://h/\xE2\x82\xAC\xF0\x9F\x98\x80\r\n";
  check_plain(utf16(text, true), wanted);
  check_plain(utf16(text, false), wanted);
}

TEST_CASE("PlainText: half a surrogate pair and half a unit become bytes that are not UTF-8") {
  for (const bool little_endian : {true, false}) {
    for (const std::u16string& half :
         {std::u16string{0xFEFF, u'a', 0xD83D, u'\n'}, std::u16string{0xFEFF, u'a', 0xDE00, u'\n'},
          std::u16string{0xFEFF, u'a', 0xD83D}}) {
      const std::string plain = plain_text(utf16(half, little_endian));
      CHECK(plain.front() == 'a');
      CHECK(valid_utf8_prefix(plain) == 1);
    }
    std::string odd = utf16(u"\uFEFFab", little_endian);
    odd.pop_back();
    CHECK(valid_utf8_prefix(plain_text(odd)) == 1);
  }
}

TEST_CASE("PlainText: UTF-8 stays as it is, with its mark and with bytes that are wrong") {
  for (const std::string text :
       {"", "a", "\xEF\xBB\xBFhttp://h/\n", "\xC3\xA9\r\n\xFF\n", "\xFF", "\xFE", "\xFFx"}) {
    check_plain(text, text);
  }
}

TEST_CASE("PlainText: lines that end in carriage returns alone end in newlines, if the first one does") {
  check_plain("a\rb\rc\r", "a\nb\nc\n");
  check_plain("a\rb", "a\nb");
  check_plain("a\r\rb\r\nc\n", "a\n\nb\r\nc\n");
  check_plain("a\nb\rc\n", "a\nb\rc\n");
  check_plain("a\r\nb\rc\r\n", "a\r\nb\rc\r\n");
  check_plain("a\r\r\nb\r\r\n", "a\r\r\nb\r\r\n");
  check_plain("a\r", "a\r");
  check_plain(utf16(u"\uFEFFa\rb\r", true), "a\nb\n");
}
