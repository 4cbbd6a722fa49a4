#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/json.hpp"

namespace leat::pipelines {

namespace {

constexpr const char* kTooDeep = "is nested deeper than 256";
static_assert(JsonDoc::kMaxDepth == 256);

bool is_plain(char c) noexcept { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

// Passes over characters of a string that stand for themselves, eight at a time.
const char* skip_plain(const char* at, const char* end) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  for (; end - at >= 8; at += 8) {
    std::uint64_t bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    const std::uint64_t quotes = (bytes ^ (kOnes * '"')) - kOnes;
    const std::uint64_t backslashes = (bytes ^ (kOnes * '\\')) - kOnes;
    const std::uint64_t controls = bytes - kOnes * 0x20;
    const std::uint64_t found = (quotes | backslashes | controls) & ~bytes & (kOnes * 0x80);
    if (found == 0) continue;
    if constexpr (std::endian::native != std::endian::little) break;
    return at + std::countr_zero(found) / 8;  // a borrow only marks bytes after the first one that is found
  }
  while (at != end && is_plain(*at)) ++at;
  return at;
}

/// Checks a text, which is UTF-8, by the grammar of RFC 8259, and writes the tape. Numbers may have any size.
/// Escapes of half a surrogate pair pass, and their places are noted.
class Reader {
 public:
  Reader(std::string_view text, std::vector<JsonNode>& tape) noexcept
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), tape_(tape) {}

  /// Gives false for a text that is not one value; `fault` then says why.
  bool read() {
    blanks();
    if (at_ == end_) return fail(at_, "there is nothing in it");
    if (!value()) return false;
    blanks();
    return at_ == end_ || fail(at_, "there is more text behind the value");
  }
  [[nodiscard]] const TextFault& fault() const noexcept { return fault_; }
  /// Gives the places of the backslashes of halves of surrogate pairs.
  [[nodiscard]] const std::vector<std::size_t>& halves() const noexcept { return halves_; }

 private:
  bool fail(const char* at, const char* message) {
    fault_ = {static_cast<std::size_t>(at - begin_), message};
    return false;
  }
  [[nodiscard]] std::uint32_t place(const char* at) const noexcept {
    return static_cast<std::uint32_t>(at - begin_);
  }
  [[nodiscard]] bool next_is(char c) const noexcept { return at_ != end_ && *at_ == c; }

  void blanks() noexcept {
    for (; at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'); ++at_) ++blanks_;
  }

  bool value() {
    switch (at_ == end_ ? '\0' : *at_) {
      case '{':
        return container(JsonKind::object);
      case '[':
        return container(JsonKind::array);
      case '"':
        return string();
      case 'n':
        return word("null", JsonKind::null);
      case 'f':
        return word("false", JsonKind::false_);
      case 't':
        return word("true", JsonKind::true_);
      default:
        return number();
    }
  }

  void add(const char* from, JsonKind kind, std::uint8_t flags = 0) {
    tape_.push_back({place(from), place(at_), 1, kind, flags});
  }

  bool word(std::string_view text, JsonKind kind) {
    const char* const from = at_;
    for (const char c : text) {
      if (!next_is(c)) return fail(at_, "this is no value");
      ++at_;
    }
    add(from, kind);
    return true;
  }

  bool digits() noexcept {
    const char* const from = at_;
    while (at_ != end_ && text::is_digit(*at_)) ++at_;
    return at_ != from;
  }

  bool number() {
    const char* const from = at_;
    if (next_is('-')) ++at_;
    if (next_is('0')) {
      ++at_;
    } else if (!digits()) {
      return fail(at_, at_ == end_ ? "a value is missing" : "this is no value");
    }
    if (next_is('.')) {
      ++at_;
      if (!digits()) return fail(at_, "a digit is missing behind the point of a number");
    }
    if (next_is('e') || next_is('E')) {
      ++at_;
      if (next_is('+') || next_is('-')) ++at_;
      if (!digits()) return fail(at_, "a digit is missing in the exponent of a number");
    }
    add(from, JsonKind::number);
    return true;
  }

  bool string() {
    const char* const from = at_++;
    std::uint8_t flags = 0;
    for (;;) {
      at_ = skip_plain(at_, end_);
      if (at_ == end_) return fail(at_, "a string has no closing quote");
      if (*at_ == '"') break;
      if (*at_ != '\\')
        return fail(at_, "a control character in a string; it is written \\n, \\t or \\u00XX");
      if (!escape()) return false;
      flags = JsonNode::kEscapes;
    }
    ++at_;
    add(from, JsonKind::string, flags);
    return true;
  }

  bool escape() {
    const char* const from = at_;
    const char kind = end_ - at_ > 1 ? at_[1] : '\0';
    if (kind != 'u') {
      if (kind == '\0' || std::strchr("\"\\/bfnrt", kind) == nullptr)
        return fail(from, "no such escape in a string");
      at_ += 2;
      return true;
    }
    const int first = unit();
    if (first < 0) return fail(from, "\\u takes four hexadecimal digits");
    if (first < 0xD800 || first > 0xDFFF) return true;
    const char* const behind = at_;
    const bool is_high = first < 0xDC00;
    if (is_high && end_ - at_ > 1 && at_[0] == '\\' && at_[1] == 'u') {
      const int second = unit();
      if (second >= 0xDC00 && second <= 0xDFFF) return true;
      at_ = behind;
    }
    halves_.push_back(static_cast<std::size_t>(from - begin_));
    return true;
  }
  // Takes an escape, of which the backslash and the 'u' are here, and gives its number; -1 if it has none.
  int unit() noexcept {
    if (end_ - at_ < 6) return -1;
    int value = 0;
    for (int i = 2; i < 6; ++i) {
      const int digit = text::hex_digit(at_[i]);
      if (digit < 0) return -1;
      value = value * 16 + digit;
    }
    at_ += 6;
    return value;
  }

  bool container(JsonKind kind) {
    const auto index = tape_.size();
    const char* const from = at_++;
    if (++depth_ > JsonDoc::kMaxDepth) return fail(at_, kTooDeep);
    const auto blanks_before = blanks_;
    add(from, kind);
    const char closing = kind == JsonKind::array ? ']' : '}';
    blanks();
    if (!next_is(closing)) {
      for (;; ++at_) {
        blanks();
        if (kind == JsonKind::object && !key()) return false;
        if (!value()) return false;
        blanks();
        if (!next_is(',')) break;
      }
      if (!next_is(closing)) {
        return fail(at_, kind == JsonKind::array ? "a comma or ] is missing behind an item"
                                                 : "a comma or } is missing behind a member");
      }
    }
    ++at_;
    --depth_;
    JsonNode& node = tape_[index];
    node.end = place(at_);
    node.span = static_cast<std::uint32_t>(tape_.size() - index);
    if (blanks_ != blanks_before) node.flags = JsonNode::kBlanks;
    return true;
  }

  bool key() {
    if (!next_is('"')) return fail(at_, "a member's name in quotes is missing");
    if (!string()) return false;
    blanks();
    if (!next_is(':')) return fail(at_, "a colon is missing behind a member's name");
    ++at_;
    blanks();
    return true;
  }

  const char* const begin_;
  const char* at_;
  const char* const end_;
  std::vector<JsonNode>& tape_;
  unsigned depth_ = 0;
  std::size_t blanks_ = 0;  // that were passed outside of strings
  TextFault fault_;
  std::vector<std::size_t> halves_;
};

// Gives the place in a text of what stands at that place of `to_utf8(text)`.
std::size_t place_before_repair(std::string_view text, std::size_t repaired) {
  std::size_t at = 0;
  std::size_t passed = 0;  // of the repaired text
  for (;;) {
    const auto good = text::valid_utf8_prefix(text.substr(at));
    if (passed + good >= repaired || at + good == text.size()) return at + (repaired - passed);
    at += good + 1;
    passed += good + text::kReplacement.size();
    if (passed > repaired) return at - 1;
  }
}

}  // namespace

std::optional<TextFault> JsonDoc::parse(std::string_view text, BadBytes bad_bytes) {
  tape_.clear();
  const std::size_t skipped = text.size() - text::without_byte_order_mark(text).size();
  text.remove_prefix(skipped);
  if (text.size() >= std::numeric_limits<std::uint32_t>::max() / text::kReplacement.size())
    return TextFault{0, "is larger than 1 GiB"};
  const std::string_view given = text;
  if (const auto good = text::valid_utf8_prefix(text); good != text.size()) {
    if (bad_bytes == BadBytes::refuse) return TextFault{good + skipped, "is not UTF-8"};
    repaired_ = std::make_unique<std::string>(text::to_utf8(text));
    text = *repaired_;
  }
  text_ = text;
  Reader reader(text, tape_);
  if (!reader.read()) {
    tape_.clear();
    TextFault fault = reader.fault();
    if (text.data() != given.data()) fault.offset = place_before_repair(given, fault.offset);
    fault.offset += skipped;
    return fault;
  }
  if (!reader.halves().empty()) {
    repaired_ = std::make_unique<std::string>(text);
    for (const auto at : reader.halves()) repaired_->replace(at, 6, "\\ufffd");
    text_ = *repaired_;
  }
  return std::nullopt;
}

JsonValue JsonDoc::root() const noexcept {
  return tape_.empty() ? JsonValue() : JsonValue(text_.data(), tape_.data());
}

}  // namespace leat::pipelines
