#include "pipelines/spec/quoted_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::pipelines;

namespace {

std::string good(std::string_view raw) {
  std::vector<TextFault> faults;
  auto text = unescape(raw, faults);
  CHECK(faults.empty());
  return text;
}

std::vector<std::size_t> fault_offsets(std::string_view raw) {
  std::vector<TextFault> faults;
  static_cast<void>(unescape(raw, faults));
  std::vector<std::size_t> offsets;
  for (const auto& fault : faults) offsets.push_back(fault.offset);
  return offsets;
}

}  // namespace

TEST_CASE("unescape: it undoes one level of escapes") {
  CHECK(good("") == "");
  CHECK(good("plain 'text' {x}") == "plain 'text' {x}");
  CHECK(good(R"(a\"b\\c\n\t\r)") == "a\"b\\c\n\t\r");
  CHECK(good(R"(\\n)") == "\\n");
  CHECK(good(R"(\u0041\u00e9\u20AC\ud83d\ude00)") == "Aé€😀");
}

TEST_CASE("unescape: anything else after a backslash is an error at its place") {
  using Offsets = std::vector<std::size_t>;
  CHECK(fault_offsets(R"(\d)") == Offsets{0});
  CHECK(fault_offsets(R"(ab\xcd\'e)") == Offsets{2, 6});
  CHECK(fault_offsets(R"(\u12)") == Offsets{0});
  CHECK(fault_offsets(R"(\u12g4)") == Offsets{0});
  CHECK(fault_offsets(R"(a\u0000)") == Offsets{1});
  CHECK(fault_offsets(R"(\ud83d)") == Offsets{0});
  CHECK(fault_offsets(R"(\ud83dx)") == Offsets{0});
  CHECK(fault_offsets(R"(\ud83d\u0041)") == Offsets{0});
  CHECK(fault_offsets(R"(\ude00)") == Offsets{0});
  CHECK(fault_offsets("\\") == Offsets{0});
}

TEST_CASE("raw_offset: it finds the place of a byte of the text in the source") {
  const std::string_view raw = R"(a\n\u00e9b\ud83d\ude00c)";  // a \n é b 😀 c
  CHECK(raw_offset(raw, 0) == 0);
  CHECK(raw_offset(raw, 1) == 1);
  CHECK(raw_offset(raw, 2) == 3);
  CHECK(raw_offset(raw, 3) == 3);
  CHECK(raw_offset(raw, 4) == 9);
  CHECK(raw_offset(raw, 5) == 10);
  CHECK(raw_offset(raw, 9) == 22);
  CHECK(raw_offset(raw, 10) == raw.size());
  CHECK(raw_offset(raw, 1000) == raw.size());
}

TEST_CASE("escape: unescape gives back what escape made") {
  CHECK(escape("") == "\"\"");
  CHECK(escape("a b{c}é") == "\"a b{c}é\"");
  CHECK(escape("\"\\\n\t\r\x01\x7f") == R"("\"\\\n\t\r\u0001\u007f")");
  for (int c = 1; c < 128; ++c) {
    const std::string text(1, static_cast<char>(c));
    const auto written = escape(text);
    CHECK(good(std::string_view(written).substr(1, written.size() - 2)) == text);
  }
}
