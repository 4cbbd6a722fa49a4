#include "pipelines/stages/source/json_splitter.hpp"

#include "engine/text/utf8.hpp"

#include <utility>

namespace leat::pipelines {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

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

// A string or a nested text that has not ended yet never will.
std::optional<JsonSplitter::Text> JsonSplitter::finish() {
  if (given_) text_.clear();
  given_ = false;
  if (state_ != State::word || list_ != List::none) return std::nullopt;
  return give();
}

std::string JsonSplitter::cut() const {
  if (list_ != List::none)
    return "the array that begins in line " + std::to_string(list_line_) + " is not closed";
  if (state_ == State::between) return {};
  return "the value that begins in line " + std::to_string(start_line_) + " is not whole";
}

JsonSplitter::Text JsonSplitter::give() {
  if (list_ != List::none && fault_.empty()) list_ = List::comma_or_end;
  state_ = State::between;
  depth_ = 0;
  in_string_ = escaped_ = false;
  given_ = true;
  Text text;
  text.text = text_;
  text.line = start_line_;
  text.too_long = text_.size() > limit_;
  text.fault = std::exchange(fault_, {});
  return text;
}

JsonSplitter::End JsonSplitter::fault(std::string_view what, End end) {
  fault_ = what;
  start_line_ = line_;
  list_ = List::item;
  return end;
}

// The brackets and commas of a list are no part of any text.
JsonSplitter::End JsonSplitter::between_items(char c) {
  if (c == ']') {
    const bool is_missing = list_ == List::item;
    if (!is_missing) {
      list_ = List::none;
      return End::no;
    }
    fault("an item is missing between ',' and ']'", End::with);
    list_ = List::none;
    return End::with;
  }
  if (c == ',') {
    if (list_ != List::comma_or_end) return fault("an item is missing before a comma", End::with);
    list_ = List::item;
    return End::no;
  }
  return fault("a comma is missing between two items", End::before);
}

JsonSplitter::End JsonSplitter::start(char c) {
  if (is_blank(c) || text::kByteOrderMark.find(c) != std::string_view::npos) return End::no;
  if (std::exchange(first_, false) && c == '[') {
    list_ = List::item_or_end;
    list_line_ = line_;
    return End::no;
  }
  const bool begins_item = c != ',' && c != ']' && list_ != List::comma_or_end;
  if (list_ != List::none && !begins_item) return between_items(c);
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
      return text_.size() > limit_ ? End::with : End::no;
    case State::string:
      text_ += c;
      if (text_.size() > limit_) return End::with;
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
  return take_nested(c);
}

JsonSplitter::End JsonSplitter::take_nested(char c) {
  if (text_.size() <= limit_) text_ += c;
  if (text_.size() > limit_ && c == '\n') return End::with;
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
