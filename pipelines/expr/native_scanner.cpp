#include "pipelines/expr/native_scanner.hpp"

#include <algorithm>
#include <array>

#include "engine/text/ascii.hpp"

namespace leat::pipelines {

namespace {

bool is_name_start(char c) noexcept { return text::is_letter(c) || c == '_'; }
bool is_name(char c) noexcept { return is_name_start(c) || text::is_digit(c); }
bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool starts_with_word(std::string_view text, std::string_view word) noexcept {
  return text.starts_with(word) && (text.size() == word.size() || !is_name(text[word.size()]));
}

}  // namespace

void NativeScanner::blanks() noexcept {
  for (;;) {
    while (is_blank(peek())) ++at_;
    if (peek() != '#') return;
    at_ = std::min(text_.find('\n', at_), text_.size());
  }
}

bool NativeScanner::at_end() noexcept {
  blanks();
  return at_ == text_.size();
}

bool NativeScanner::take(std::string_view sign) noexcept {
  blanks();
  if (!text_.substr(at_).starts_with(sign)) return false;
  at_ += sign.size();
  return true;
}

bool NativeScanner::take_word(std::string_view word) noexcept {
  blanks();
  if (!starts_with_word(text_.substr(at_), word) || peek(word.size()) == ':') return false;
  at_ += word.size();
  return true;
}

bool NativeScanner::take_question_mark() noexcept {
  blanks();
  return !text_.substr(at_).starts_with("?//") && take("?");
}

std::string_view NativeScanner::name() noexcept {
  const std::size_t start = at_;
  if (is_name_start(peek())) {
    while (is_name(peek())) ++at_;
  }
  return text_.substr(start, at_ - start);
}

std::optional<std::string_view> NativeScanner::stretch(bool& more) noexcept {
  const std::size_t start = at_;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    more = c == '\\' && peek(1) == '(';
    if (c == '"' || more) {
      const auto found = text_.substr(start, at_ - start);
      at_ += more ? 2 : 1;
      return found;
    }
    if (static_cast<unsigned char>(c) < ' ') return std::nullopt;
    if (c == '\\') ++at_;
  }
  return std::nullopt;
}

std::optional<std::string_view> NativeScanner::number() {
  const std::size_t start = at_;
  const auto digits = [&] {
    const std::size_t from = at_;
    while (text::is_digit(peek())) ++at_;
    return at_ != from;
  };
  bool good = digits();
  if (peek() == '.') good = good && (++at_, digits());
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    good = good && digits();
  }
  if (!good || is_name(peek()) || peek() == '.') return std::nullopt;
  return text_.substr(start, at_ - start);
}

std::optional<long> NativeScanner::integer() {
  constexpr std::size_t kMostDigits = 9;
  blanks();
  const std::size_t start = at_;
  while (text::is_digit(peek())) ++at_;
  if (at_ == start || at_ - start > kMostDigits) return std::nullopt;
  return std::stol(std::string(text_.substr(start, at_ - start)));
}

bool NativeScanner::at_digit() const noexcept { return text::is_digit(peek()); }
bool NativeScanner::at_name() const noexcept { return is_name_start(peek()); }

bool NativeScanner::at_step() const noexcept {
  return peek() == '[' || (peek() == '.' && (is_name_start(peek(1)) || peek(1) == '"'));
}

bool NativeScanner::dot_stands_alone() const noexcept {
  const char next = peek(1);
  if (next == '.' || text::is_digit(next)) return false;
  if (!is_blank(next)) return true;
  const auto after = text_.find_first_not_of(" \t\r\n", at_ + 1);
  if (after == text_.npos) return true;
  const auto rest = text_.substr(after);
  constexpr std::array<std::string_view, 7> kWords{"and", "or", "as", "then", "elif", "else", "end"};
  return std::string_view("|,)]}=!<>/+").find(rest.front()) != text_.npos ||
         std::any_of(kWords.begin(), kWords.end(), [&](auto word) { return starts_with_word(rest, word); });
}

}  // namespace leat::pipelines
