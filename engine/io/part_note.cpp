#include "engine/io/part_note.hpp"

#include <fmt/format.h>

#include <iterator>

#include "engine/text/ascii.hpp"
#include "engine/text/number.hpp"

namespace leat::io {

namespace {

constexpr std::string_view kFirstLine = "leat-part 1\n";

std::optional<std::string_view> next_line(std::string_view& text) noexcept {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool number(std::string_view text, std::uint64_t& value) noexcept {
  const auto read = text::parse_number<std::uint64_t>(text);
  value = read.value_or(0);
  return read.has_value();
}

bool add_piece(std::vector<PartNote::Piece>& pieces, std::string_view text) {
  PartNote::Piece piece;
  const auto second = text.find(' ');
  const auto third = second == text.npos ? text.npos : text.find(' ', second + 1);
  if (third == text.npos || pieces.size() == PartNote::kMostPieces) return false;
  pieces.push_back(piece);
  auto& last = pieces.back();
  return number(text.substr(0, second), last.first) &&
         number(text.substr(second + 1, third - second - 1), last.size) &&
         number(text.substr(third + 1), last.done) && last.done <= last.size;
}

bool add_line(PartNote& note, std::string_view name, std::string_view value) {
  if (name == "source") return note.source.empty() && !(note.source = value).empty();
  // It goes into a request, and the file may be a stranger's.
  if (name == "version")
    return note.version.empty() && !(note.version = value).empty() && !text::has_control(value);
  if (name == "total") return number(value, note.total.emplace());
  return name == "piece" && add_piece(note.pieces, value);
}

std::uint64_t fnv1a(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// Cuts the name so that no character of UTF-8 is split.
std::string_view cut(std::string_view name, std::size_t size) noexcept {
  while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80U) --size;
  return name.substr(0, size);
}

}  // namespace

std::string part_name(std::string_view name) {
  constexpr std::size_t kMaxName = 255;
  if (name.size() + kPartSuffix.size() + kNoteSuffix.size() <= kMaxName)
    return std::string(name).append(kPartSuffix);
  const std::string ending = fmt::format("~{:016x}{}", fnv1a(name), kPartSuffix);
  return std::string(cut(name, kMaxName - kNoteSuffix.size() - ending.size())).append(ending);
}

std::string note_name(std::string_view name) { return part_name(name).append(kNoteSuffix); }

std::string PartNote::text() const {
  std::string text(kFirstLine);
  auto out = std::back_inserter(text);
  fmt::format_to(out, "source {}\nversion {}\n", source, version);
  if (total) fmt::format_to(out, "total {}\n", *total);
  for (const auto& piece : pieces) {
    fmt::format_to(out, "piece {} {} {}\n", piece.first, piece.size, piece.done);
  }
  return text.append("end\n");
}

std::optional<PartNote> PartNote::parse(std::string_view text) {
  if (!text.starts_with(kFirstLine)) return std::nullopt;
  text.remove_prefix(kFirstLine.size());
  PartNote note;
  while (const auto line = next_line(text)) {
    if (*line == "end")
      return note.source.empty() || note.version.empty() ? std::nullopt : std::optional(note);
    const auto blank = line->find(' ');
    if (blank == line->npos || !add_line(note, line->substr(0, blank), line->substr(blank + 1))) break;
  }
  return std::nullopt;
}

}  // namespace leat::io
