#include "pipelines/expr/jq_tokens.hpp"

#include <algorithm>
#include <array>

#include "engine/text/ascii.hpp"

namespace leat::pipelines {

namespace {

// Operators of more than one character, the longest first.
constexpr std::array<std::string_view, 15> kOperators{
    "?//=", "?//", "//=", "!=", "==", "//", "|=", "+=", "-=", "*=", "/=", "%=", "<=", ">=", ".."};

bool is_letter(char c) noexcept { return text::is_letter(c) || c == '_'; }
bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Cutter {
 public:
  explicit Cutter(std::string_view program) noexcept : program_(program) {}

  std::vector<JqToken> run() {
    while (at_ < program_.size()) step();
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < program_.size() ? program_[at_ + ahead] : '\0';
  }

  void add(JqTokenKind kind, std::size_t length) {
    tokens_.push_back(JqToken{kind, at_, at_ + length});
    at_ += length;
  }

  void step() {
    const char c = peek();
    if (is_blank(c)) {
      ++at_;
    } else if (c == '#') {
      at_ = std::min(program_.find('\n', at_), program_.size());
    } else if (c == '"') {
      text();
    } else if (c == ')' && !brackets_.empty() && brackets_.back() == '"') {
      brackets_.pop_back();
      text();
    } else if (c == '.' && is_letter(peek(1))) {
      add(JqTokenKind::field, 1 + word_length(at_ + 1));
    } else if (is_letter(c)) {
      add(JqTokenKind::name, qualified_length());
    } else if (const std::size_t digits = number_length(); digits > 0) {
      add(JqTokenKind::symbol, digits);
    } else if (c == '@') {
      add(JqTokenKind::symbol, 1 + word_length(at_ + 1));
    } else {
      symbol();
    }
  }

  [[nodiscard]] std::size_t word_length(std::size_t from) const noexcept {
    std::size_t end = from;
    while (end < program_.size() && (is_letter(program_[end]) || text::is_digit(program_[end]))) ++end;
    return end - from;
  }

  // `module::name` is one token.
  [[nodiscard]] std::size_t qualified_length() const noexcept {
    std::size_t length = word_length(at_);
    while (peek(length) == ':' && peek(length + 1) == ':' && is_letter(peek(length + 2))) {
      length += 2 + word_length(at_ + length + 2);
    }
    return length;
  }

  // A number is [0-9.]+([eE][+-]?[0-9]+)?, unless it is only one or two dots, which are operators.
  [[nodiscard]] std::size_t number_length() const noexcept {
    std::size_t length = 0;
    bool digit = false;
    for (; text::is_digit(peek(length)) || peek(length) == '.'; ++length)
      digit = digit || text::is_digit(peek(length));
    if (!digit && length < 3) return 0;
    if (peek(length) != 'e' && peek(length) != 'E') return length;
    std::size_t exponent = length + 1;
    if (peek(exponent) == '+' || peek(exponent) == '-') ++exponent;
    if (!text::is_digit(peek(exponent))) return length;
    while (text::is_digit(peek(exponent))) ++exponent;
    return exponent;
  }

  // Takes a quote, or the ')' that ends an interpolation, and what follows up to the next quote or
  // interpolation.
  void text() {
    std::size_t end = at_ + 1;
    while (end < program_.size() && program_[end] != '"') {
      if (program_[end] != '\\') {
        ++end;
      } else if (end + 1 < program_.size() && program_[end + 1] == '(') {
        brackets_.push_back('"');
        add(JqTokenKind::text, end + 2 - at_);
        return;
      } else {
        end += 2;
      }
    }
    add(JqTokenKind::text, std::min(end + 1, program_.size()) - at_);
  }

  void symbol() {
    const char c = peek();
    if (c == '(' || c == '[' || c == '{') brackets_.push_back(c);
    if ((c == ')' || c == ']' || c == '}') && !brackets_.empty()) brackets_.pop_back();
    const auto rest = program_.substr(at_);
    const auto known = std::find_if(kOperators.begin(), kOperators.end(),
                                    [rest](std::string_view one) { return rest.starts_with(one); });
    add(JqTokenKind::symbol, known == kOperators.end() ? 1 : known->size());
  }

  std::string_view program_;
  std::size_t at_ = 0;
  std::vector<char> brackets_;  // those that are open; '"' stands for an interpolation
  std::vector<JqToken> tokens_;
};

}  // namespace

std::vector<JqToken> jq_tokens(std::string_view program) { return Cutter(program).run(); }

}  // namespace leat::pipelines
