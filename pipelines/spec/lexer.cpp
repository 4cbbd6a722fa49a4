#include "pipelines/spec/lexer.hpp"

#include <algorithm>

#include "engine/text/ascii.hpp"
#include "pipelines/spec/quoted_text.hpp"

namespace leat::pipelines {

namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool ends_word(char c) noexcept {
  return is_blank(c) || c == '|' || c == '{' || c == '}' || c == '(' || c == ')' || c == ';' || c == '"';
}
bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_in_let_name(char c) noexcept {
  return text::is_letter(c) || text::is_digit(c) || c == '_' || c == '-';
}
bool is_in_key(char c) noexcept { return is_in_let_name(c) || c == '.'; }

}  // namespace

bool is_let_name(std::string_view name) noexcept {
  return !name.empty() && (text::is_letter(name[0]) || name[0] == '_') &&
         std::all_of(name.begin(), name.end(), is_in_let_name);
}

void Lexer::stop() noexcept {
  stopped_ = true;
  at_ = text_.size();
}

void Lexer::end_token() noexcept {
  token_end_ = at_;
  fresh_line_ = false;
}

template <class Belongs>
std::string_view Lexer::run(Belongs belongs) {
  const auto begin = at_;
  while (!at_end() && belongs(peek())) advance();
  if (at_ > begin) end_token();
  return text_.substr(begin, at_ - begin);
}

void Lexer::skip_blanks() {
  const auto starts_comment = [this] {
    if (peek() != '#') return false;
    if (at_ == 0 || is_blank(text_[at_ - 1])) return true;
    return std::string_view("|{};").find(text_[at_ - 1]) != std::string_view::npos;
  };
  while (!at_end()) {
    if (is_blank(peek())) {
      fresh_line_ = fresh_line_ || peek() == '\n';
      advance();
    } else if (starts_comment()) {
      const auto begin = at_;
      while (!at_end() && peek() != '\n') advance();
      auto comment = text_.substr(begin, at_ - begin);
      while (is_blank(comment.back())) comment.remove_suffix(1);
      comments_.push_back(Comment{std::string(comment), fresh_line_});
    } else {
      return;
    }
  }
}

bool Lexer::take(char c) {
  if (peek() != c || at_end()) return false;
  advance();
  end_token();
  return true;
}

bool Lexer::take_keyword(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return false;
  const auto after = at_ + word.size();
  if (after < text_.size() && text_[after] != '=' && !ends_word(text_[after])) return false;
  advance(word.size());
  end_token();
  return true;
}

std::string_view Lexer::stage_name() {
  return run([](char c) { return !ends_word(c); });
}

std::string_view Lexer::let_name() { return run(is_in_let_name); }

std::optional<std::string_view> Lexer::key() {
  if (!is_lower(peek())) return std::nullopt;
  auto end = at_;
  while (end < text_.size() && is_in_key(text_[end])) ++end;
  steps_ += end - at_;
  if (end == text_.size() || text_[end] != '=') return std::nullopt;
  const auto name = text_.substr(at_, end - at_);
  advance(name.size() + 1);
  end_token();
  return name;
}

ast::Value Lexer::value() {
  ast::Value made = peek() == '"' ? quoted_text() : peek() == '(' ? jq_program() : word();
  end_token();
  return made;
}

ast::Value Lexer::word() {
  ast::Value made;
  const auto begin = at_;
  std::size_t depth = 0;
  std::size_t brace = 0;  // place of the outermost that is open
  for (; !at_end(); advance()) {
    const char c = peek();
    if (c == '{') {
      if (depth++ == 0) brace = at_;
    } else if (c == '}' && depth > 0) {
      --depth;
    } else if (ends_word(c)) {
      break;
    }
  }
  if (depth > 0) {
    fault(span(brace, brace + 1),
          "\"{\" directly after a word belongs to it, and is not closed; a block stands after a blank, other "
          "text in double quotes");
    made.damaged = true;
    at_ = brace;  // most often it is a block, so reading goes on there
  }
  made.text = text_.substr(begin, at_ - begin);
  made.span = span(begin, at_);
  return made;
}

ast::Value Lexer::quoted_text() {
  ast::Value made;
  made.kind = ast::ValueKind::quoted;
  const auto begin = at_;
  advance();
  while (!at_end() && peek() != '"') {
    advance(peek() == '\\' ? std::min<std::size_t>(2, text_.size() - at_) : 1);
  }
  if (at_end()) {
    fault(span(begin, begin + 1), "this '\"' is not closed by another");
    stop();
    made.damaged = true;
  } else {
    std::vector<TextFault> faults;
    made.text = unescape(text_.substr(begin + 1, at_ - begin - 1), faults);
    for (auto& [offset, message] : faults) {
      fault(span(begin + 1 + offset, begin + 2 + offset), std::move(message));
      made.damaged = true;
    }
    advance();
  }
  made.span = span(begin, at_);
  return made;
}

ast::Value Lexer::jq_program() {
  struct Open {
    char kind;  // '(' or '"'; the parenthesis of a \( in a string is above that string
    std::size_t at;
  };
  ast::Value made;
  made.kind = ast::ValueKind::jq;
  const auto begin = at_;
  std::vector<Open> open;
  const auto enter = [&](std::size_t length) {
    open.push_back(Open{text_[at_ + length - 1], at_});
    advance(length);
  };
  enter(1);
  while (!open.empty() && !at_end() && open.size() <= kMaxDepth) {
    const char c = peek();
    const bool in_string = open.back().kind == '"';
    if (c == (in_string ? '"' : ')')) {
      open.pop_back();
      advance();
    } else if (in_string && c == '\\') {
      const auto length = std::min<std::size_t>(2, text_.size() - at_);
      if (text_[at_ + length - 1] == '(') {
        enter(length);
      } else {
        advance(length);
      }
    } else if (!in_string && (c == '(' || c == '"')) {
      enter(1);
    } else if (!in_string && c == '#') {
      while (!at_end() && peek() != '\n') advance();
    } else {
      advance();
    }
  }
  if (open.empty()) {
    made.text = text_.substr(begin + 1, at_ - begin - 2);
  } else {
    made.damaged = true;
    if (open.size() > kMaxDepth) {
      const auto at = open.back().at;
      fault(span(at, at + 1), "more than " + std::to_string(kMaxDepth) + " parentheses within each other");
    } else if (open.back().kind == '"') {
      const auto at = open.back().at;
      fault(span(at, at + 1), "this '\"' of the jq program is not closed by another");
    } else {
      fault(span(begin, begin + 1), "this \"(\" is not closed by a \")\"");
    }
    stop();
  }
  made.span = span(begin, at_);
  return made;
}

}  // namespace leat::pipelines
