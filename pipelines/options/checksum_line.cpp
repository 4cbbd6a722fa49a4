#include "pipelines/options/checksum_line.hpp"

#include <algorithm>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kShortestUnknown = 32;  // hex digits; shorter ones would make words of a text digests

bool is_hex(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return text::hex_digit(c) >= 0; });
}

// coreutils begins a line with a backslash where the name has one, or a line end.
std::string unescaped(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char next = name[i] == '\\' && i + 1 < name.size() ? name[++i] : '\0';
    out += next == '\0' ? name[i] : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return out;
}

std::optional<Checksum> sum_of(std::optional<DigestKind> kind, std::string_view hex) {
  if (!kind) return std::nullopt;
  auto digits = checksum_hex(*kind, hex);
  if (!digits) return std::nullopt;
  return Checksum{*kind, std::move(*digits)};
}

// "SHA256 (NAME) = HEX" of BSD, "SHA2-256(NAME)= HEX" of OpenSSL.
std::optional<ListedSum> tagged_line(std::string_view line) {
  const auto open = line.find('(');
  const auto close = line.rfind(")");
  if (open == line.npos || close == line.npos || close < open + 1) return std::nullopt;
  const auto equals = text::trimmed(line.substr(close + 1));
  if (!equals.starts_with('=')) return std::nullopt;
  const auto hex = text::trimmed(equals.substr(1));
  std::string word = text::to_lower(text::trimmed(line.substr(0, open)));
  if (word.empty() || word.find_first_of(" \t") != word.npos || !is_hex(hex)) return std::nullopt;
  if (word.starts_with("sha2-")) word.erase(3, 2);
  const auto kind = digest_kind(word);
  ListedSum listed{std::string(line.substr(open + 1, close - open - 1)), sum_of(kind, hex)};
  if (listed.name.empty()) return std::nullopt;
  if (kind ? !listed.sum : hex.size() < kShortestUnknown) return std::nullopt;
  return listed;
}

// "HEX  NAME", "HEX *NAME", "HEX NAME", "HEX<tab>NAME", "HEX".
std::optional<ListedSum> plain_line(std::string_view line) {
  const auto end = std::min(line.find_first_of(text::kBlanks), line.size());
  const auto hex = line.substr(0, end);
  if (!is_hex(hex)) return std::nullopt;
  ListedSum listed;
  const auto kind = kind_of_size(hex.size());
  listed.sum = sum_of(kind, hex);
  auto name = line.substr(end);
  // The digests of SHA-224 and SHA-384 have lengths of their own.
  constexpr std::size_t kSha224 = 56;
  constexpr std::size_t kSha384 = 96;
  if (!kind && hex.size() != kSha224 && hex.size() != kSha384) return std::nullopt;
  if (name.size() >= 2 && std::string_view(" *?^").find(name[1]) != std::string_view::npos &&
      name[0] == ' ') {
    name.remove_prefix(2);
  } else {
    name = text::without_leading_blanks(name);
  }
  if (name.empty() && end < line.size()) return std::nullopt;
  listed.name = name;
  return listed;
}

}  // namespace

std::optional<ListedSum> read_checksum_line(std::string_view line) {
  line = text::without_leading_blanks(line);
  const bool escaped = line.starts_with('\\');
  if (escaped) line.remove_prefix(1);
  auto found = plain_line(line);
  if (!found) found = tagged_line(line);
  if (!found) return std::nullopt;
  if (escaped) found->name = unescaped(found->name);
  while (found->name.starts_with("./")) found->name.erase(0, 2);
  if (found->name == "-" || found->name == "stdin") found->name.clear();
  return found;
}

ChecksumLines::ChecksumLines(std::string_view text) noexcept : rest_(text::without_byte_order_mark(text)) {}

// Says whether the line is part of what a signature puts around its text.
bool ChecksumLines::is_frame(std::string_view line) noexcept {
  if (line == "-----BEGIN PGP SIGNED MESSAGE-----") {
    part_ = Part::armor_head;
    return true;
  }
  if (line == "-----BEGIN PGP SIGNATURE-----" && part_ == Part::signed_text) {
    part_ = Part::signature;
    return true;
  }
  const bool in_frame = part_ == Part::armor_head || part_ == Part::signature;
  if (part_ == Part::armor_head && line.empty()) part_ = Part::signed_text;
  if (part_ == Part::signature && line == "-----END PGP SIGNATURE-----") part_ = Part::plain;
  return in_frame;
}

std::optional<std::string_view> ChecksumLines::next() {
  while (!rest_.empty()) {
    std::string_view line = text::take_before(rest_, '\n');
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (is_frame(text::trimmed(line))) continue;
    // A line of a signed text that begins with "-" has "- " in front.
    if (part_ == Part::signed_text && line.starts_with("- ")) line.remove_prefix(2);
    if (text::trimmed(line).empty() || line.starts_with('#')) continue;
    return line;
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
