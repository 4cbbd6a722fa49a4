#include "pipelines/stages/source/json_splitter.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kBom = "\xEF\xBB\xBF";

bool is_blank(char c) noexcept { return kBlanks.find(c) != std::string_view::npos; }

}  // namespace

std::optional<JsonSplitter::Text> JsonSplitter::next() {
  if (given_) {
    text_.clear();
    given_ = false;
  }
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    const char c = rest_[i];
    const End end = take(c);
    if (c == '\n' && end != End::before) ++line_;
    if (end == End::no) continue;
    rest_.remove_prefix(end == End::with ? i + 1 : i);
    return give();
  }
  rest_ = {};
  return std::nullopt;
}

std::optional<JsonSplitter::Text> JsonSplitter::finish() {
  if (given_) text_.clear();
  given_ = false;
  if (state_ == State::between) return std::nullopt;
  return give();
}

JsonSplitter::Text JsonSplitter::give() {
  state_ = State::between;
  depth_ = 0;
  in_string_ = escaped_ = false;
  given_ = true;
  Text text;
  text.text = text_;
  text.line = start_line_;
  text.too_long = text_.size() > kMaxText;
  return text;
}

// A list's brackets and commas, where they stand between the texts, are no part of any.
JsonSplitter::End JsonSplitter::start(char c) {
  if (is_blank(c) || kBom.find(c) != std::string_view::npos) return End::no;
  if (first_ && c == '[') {
    first_ = false;
    in_array_ = true;
    return End::no;
  }
  first_ = false;
  if (in_array_ && (c == ',' || c == ']')) {
    in_array_ = c != ']';
    return End::no;
  }
  start_line_ = line_;
  text_ = c;
  if (c == '"') {
    state_ = State::string;
  } else if (c == '{' || c == '[') {
    state_ = State::nested;
    depth_ = 1;
  } else {
    state_ = State::word;
  }
  return End::no;
}

JsonSplitter::End JsonSplitter::take(char c) {
  switch (state_) {
    case State::between:
      return start(c);
    case State::word:
      if (is_blank(c) || c == ',' || c == ']' || c == '{' || c == '[' || c == '"') return End::before;
      text_ += c;
      return text_.size() > kMaxText ? End::with : End::no;
    case State::string:
      text_ += c;
      if (text_.size() > kMaxText) return End::with;
      if (c == '"') return End::with;
      if (c == '\\') state_ = State::escape;
      return End::no;
    case State::escape:
      text_ += c;
      state_ = State::string;
      return End::no;
    case State::nested:
      break;
  }
  if (text_.size() <= kMaxText) text_ += c;
  if (text_.size() > kMaxText && c == '\n') return End::with;
  if (in_string_) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
    }
  } else if (c == '"') {
    in_string_ = true;
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if ((c == '}' || c == ']') && --depth_ == 0) {
    return End::with;
  }
  return End::no;
}

}  // namespace leat::pipelines
