#include "pipelines/result/body_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

struct Magic {
  std::string_view start;
  std::string_view what;
};
constexpr std::array<Magic, 7> kMagic{{{"\x1F\x8B", "gzip"},
                                       {"\x28\xB5\x2F\xFD", "zstd"},
                                       {"BZh", "bzip2"},
                                       {"\xFD"
                                        "7zXZ",
                                        "xz"},
                                       {"PK\x03\x04", "a ZIP archive"},
                                       {"%PDF-", "PDF"},
                                       {"\x89PNG", "a PNG image"}}};

std::string_view without_bom(std::string_view text) noexcept { return text::without_byte_order_mark(text); }

std::string_view without_blanks(std::string_view text) noexcept {
  const auto start = text.find_first_not_of(kBlanks);
  return start == text.npos ? std::string_view() : text.substr(start);
}

constexpr const char* kCut = "; the body ends there, as if it had been cut short";

// Says whether a fault at the offset is that of a text that ends too early, also within an escape: "abc\u00.
bool is_cut(std::string_view text, std::size_t offset) noexcept {
  const auto rest = text.substr(std::min(offset, text.size()));
  if (rest.empty() || rest == "\\") return true;
  return rest.size() < 6 && rest.starts_with("\\u") &&
         std::all_of(rest.begin() + 2, rest.end(), [](char c) { return text::hex_digit(c) >= 0; });
}

// Guesses what a body is that is no JSON; empty if nothing speaks for anything.
std::string guess(std::string_view body, std::size_t offset) {
  for (const auto& [start, what] : kMagic) {
    if (body.starts_with(start)) return fmt::format("; it is {}", what);
  }
  const auto text = without_blanks(without_bom(body));
  if (text.starts_with("<?xml")) return "; it looks like XML";
  if (text.starts_with('<')) return "; it looks like HTML";
  if (is_cut(body, offset)) return kCut;
  // A ';' or a comment behind a value makes no lines of values.
  const bool begins_value =
      std::string_view("{[\"-0123456789tfn").find(body[offset]) != std::string_view::npos;
  JsonDoc first;
  if (begins_value && offset > 0 && !first.parse(body.substr(0, offset), JsonDoc::BadBytes::replace)) {
    return "; is it NDJSON? .lines reads that";
  }
  return "";
}

// Gives the place of a byte in words; lines and columns count characters from 1.
std::string place_of(std::string_view body, std::size_t offset) {
  const auto before = body.substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto row = before.substr(before.rfind('\n') + 1);
  return fmt::format("byte {} (line {}, column {})", offset + 1, line, 1 + text::count_characters(row));
}

}  // namespace

bool is_blank_body(std::string_view body) noexcept { return without_blanks(without_bom(body)).empty(); }

Status read_body_json(std::string_view body, JsonDoc& doc) {
  const auto fault = doc.parse(is_blank_body(body) ? "null" : body, JsonDoc::BadBytes::replace);
  if (!fault) return std::nullopt;
  return Error(Errc::filter_error, fmt::format(".json: the body is not JSON: {} at {}{}", fault->message,
                                               place_of(body, fault->offset), guess(body, fault->offset)));
}

Result<std::string> body_lines(std::string_view body) {
  std::string array = "[";
  JsonDoc doc;
  std::size_t number = 0;
  for (auto rest = without_bom(body); !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    ++number;
    if (without_blanks(line).empty()) continue;
    if (const auto fault = doc.parse(line, JsonDoc::BadBytes::replace)) {
      const bool is_last_cut = rest.empty() && is_cut(line, fault->offset);
      const std::string why = is_last_cut ? kCut : number == 1 ? guess(body, 0) : "";
      return Error(Errc::filter_error,
                   fmt::format(".lines: line {} of the body is not JSON: {} at its byte {}{}", number,
                               fault->message, fault->offset + 1, why));
    }
    if (array.size() > 1) array += ',';
    doc.root().append_to(array);
  }
  return array + "]";
}

}  // namespace leat::pipelines
