#include "pipelines/expr/regex_subset.hpp"

#include <charconv>

#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kEscapable = ".\\/-+*?()[]{}|^$";
constexpr unsigned kMostRepeats = 100;
constexpr unsigned kMaxDepth = 20;

bool is_alnum(char c) noexcept {
  const char lower = static_cast<char>(c | 0x20);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

bool same_class(char a, char b) noexcept {
  const auto kind = [](char c) { return c <= '9' ? 0 : c <= 'Z' ? 1 : 2; };
  return is_alnum(a) && is_alnum(b) && kind(a) == kind(b);
}

/// A recursive descent over the subset, which copies as it goes.
class Translator {
 public:
  Translator(std::string_view pattern, bool ignore_case) : text_(pattern), ignore_case_(ignore_case) {}

  std::optional<std::string> translate() {
    if (text_.empty() || !text::is_utf8(text_) || !alternatives(0) || at_ != text_.size())
      return std::nullopt;
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool more() const noexcept { return at_ < text_.size(); }
  [[nodiscard]] bool next_is(char c) const noexcept { return more() && text_[at_] == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }

  bool alternatives(unsigned depth) {
    if (depth > kMaxDepth || !sequence(depth)) return false;
    while (take('|')) {
      out_ += '|';
      if (!sequence(depth)) return false;
    }
    return true;
  }

  // Needs at least one atom. An anchor may only be at the ends of the whole pattern or of its top-level
  // alternatives.
  bool sequence(unsigned depth) {
    bool some = false;
    if (depth == 0 && take('^')) {
      out_ += "\\A";
      some = true;
    }
    while (more() && !next_is('|') && !next_is(')')) {
      if (depth == 0 && take('$')) {
        out_ += "(?:\\n?\\z)";  // it also matches before a last newline
        return !more() || next_is('|');
      }
      if (!atom(depth) || !quantifier()) return false;
      some = true;
    }
    return some;
  }

  bool atom(unsigned depth) {
    const char c = text_[at_];
    switch (c) {
      case '.':
        ++at_;
        out_ += "[^\\n]";
        return true;
      case '(':
        return group(depth);
      case '[':
        return char_class();
      case '\\':
        if (at_ + 1 == text_.size() || kEscapable.find(text_[at_ + 1]) == kEscapable.npos) return false;
        return literal(2);
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
      case '^':
      case '$':
        return false;
      default:
        return static_cast<unsigned char>(c) >= ' ' && c != '\x7F' && plain(c);
    }
  }

  bool plain(char c) {
    const std::size_t size = text::character_length(text_.substr(at_));
    if (ignore_case_ && (size > 1 || may_fold_longer(c, at_ + 1 < text_.size() ? text_[at_ + 1] : '\0'))) {
      return false;
    }
    return literal(size);
  }
  bool literal(std::size_t size) {
    out_ += text_.substr(at_, size);
    at_ += size;
    return true;
  }

  // With case ignored, "ss", "st", "ff", "fi" and "fl" are other forms of single characters.
  static bool may_fold_longer(char c, char next) {
    const char lower = static_cast<char>(c | 0x20);
    if (lower != 's' && lower != 'f') return false;
    const char after = static_cast<char>(next | 0x20);
    if (next == '\0') return false;
    const bool letter = after >= 'a' && after <= 'z';
    return !letter || std::string_view("stfil").find(after) != std::string_view::npos;
  }

  bool group(unsigned depth) {
    ++at_;
    if (next_is('?')) {
      if (text_.substr(at_, 2) != "?:") return false;
      at_ += 2;
    }
    out_ += "(?:";
    if (!alternatives(depth + 1) || !take(')')) return false;
    out_ += ')';
    return true;
  }

  // Takes letters, digits, ranges of them, and signs that have no meaning in a class.
  bool char_class() {
    constexpr std::string_view kSigns = " _./:,;@%=!'\"~#<>";
    out_ += text_[at_++];
    if (take('^')) {
      if (ignore_case_) return false;
      out_ += '^';
    }
    for (bool first = true; more(); first = false) {
      const char c = text_[at_];
      if (c == ']') {
        ++at_;
        out_ += ']';
        return !first;
      }
      if (c == '\\') {
        if (at_ + 1 == text_.size() || kEscapable.find(text_[at_ + 1]) == kEscapable.npos) return false;
        literal(2);
        if (range_follows()) return false;
      } else if (c == '-') {
        // It must come first or last. Otherwise it is a part of a range, which was taken with its first
        // character.
        if (!first && !(at_ + 1 < text_.size() && text_[at_ + 1] == ']')) return false;
        out_ += "\\-";
        ++at_;
      } else if (is_alnum(c)) {
        if (!range_or_one(c)) return false;
      } else if (kSigns.find(c) != kSigns.npos) {
        literal(1);
        if (range_follows()) return false;
      } else {
        return false;
      }
    }
    return false;
  }

  bool range_or_one(char from) {
    const bool range = at_ + 2 < text_.size() && text_[at_ + 1] == '-' && text_[at_ + 2] != ']';
    if (!range) return literal(1);
    const char to = text_[at_ + 2];
    if (!same_class(from, to) || from > to) return false;
    literal(3);
    return !range_follows();
  }
  [[nodiscard]] bool range_follows() const noexcept { return next_is('-') && text_.substr(at_, 2) != "-]"; }

  // Whether it is greedy doesn't change whether there is a match.
  bool quantifier() {
    if (!more()) return true;
    const char c = text_[at_];
    if (c == '{') return repeats();
    if (c != '*' && c != '+' && c != '?') return true;
    literal(1);
    if (next_is('?')) ++at_;
    return !next_is('*') && !next_is('+') && !next_is('?') && !next_is('{');
  }

  bool number(unsigned& value) {
    const char* const start = text_.data() + at_;
    const auto result = std::from_chars(start, text_.data() + text_.size(), value);
    if (result.ec != std::errc() || value > kMostRepeats) return false;
    at_ += static_cast<std::size_t>(result.ptr - start);
    return true;
  }

  bool repeats() {
    const std::size_t start = at_++;
    unsigned least = 0;
    if (!number(least)) return false;
    if (take(',') && !next_is('}')) {
      unsigned most = 0;
      if (!number(most) || most < least) return false;
    }
    if (!take('}')) return false;
    out_ += text_.substr(start, at_ - start);
    return !next_is('*') && !next_is('+') && !next_is('?') && !next_is('{');
  }

  std::string_view text_;
  bool ignore_case_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::optional<std::string> same_in_re2(std::string_view pattern, bool ignore_case) {
  return Translator(pattern, ignore_case).translate();
}

}  // namespace leat::pipelines
