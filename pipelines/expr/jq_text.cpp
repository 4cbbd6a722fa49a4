#include "pipelines/expr/jq_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view kFrom = "\"\\\b\f\n\r\t";
  constexpr std::string_view kTo = "\"\\bfnrt";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const auto at = kFrom.find(c); at != std::string_view::npos) {
      out += '\\';
      out += kTo[at];
    } else if (byte < 0x20 || byte == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

// Appends what json_of gives, or at least its first `limit` bytes.
void append_jq_dump(std::string& out, JsonValue value, std::size_t limit) {
  switch (value.kind()) {
    case JsonKind::null:
    case JsonKind::false_:
    case JsonKind::true_:
    case JsonKind::number:
      out += value.raw();
      return;
    case JsonKind::string: {
      std::string scratch;
      append_string(out, text::cut_utf8(value.text(scratch), limit));
      return;
    }
    case JsonKind::array: {
      out += '[';
      bool first = true;
      for (const auto item : value.items()) {
        if (out.size() >= limit) return;
        if (!first) out += ',';
        first = false;
        append_jq_dump(out, item, limit);
      }
      out += ']';
      return;
    }
    case JsonKind::object: {
      out += '{';
      bool first = true;
      for (const auto& member : value.distinct_members()) {
        if (out.size() >= limit) return;
        if (!first) out += ',';
        first = false;
        append_jq_dump(out, member.key, limit);
        out += ':';
        append_jq_dump(out, member.value, limit);
      }
      out += '}';
      return;
    }
  }
}

// Gives as many bytes of a value as jq's messages show.
std::string shown(JsonValue value) {
  constexpr std::size_t kMost = 14;
  std::string text;
  append_jq_dump(text, value, kMost + 1);
  if (text.size() <= kMost) return text;
  text.resize(kMost - 3);
  const auto whole = text::valid_utf8_prefix(text);
  if (whole != text.size()) text.replace(whole, std::string::npos, text::kReplacement);
  return text + "...";
}

}  // namespace

std::string json_of(JsonValue value) {
  std::string text;
  append_jq_dump(text, value, std::numeric_limits<std::size_t>::max());
  return text;
}

namespace {

// Says whether the text is a number as C writes it.
bool is_number(std::string_view text) noexcept {
  const auto digits = [&] {
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(end);
    return end > 0;
  };
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  bool some = digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    some = digits() || some;
  }
  if (some && (text.starts_with('e') || text.starts_with('E'))) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    some = digits();
  }
  return some && text.empty();
}

// Writes a number of C by JSON's grammar, and keeps its digits: 7 for 007, 0.50 for +.50, 5 for 5.
std::string in_json(std::string_view number) {
  std::string out(number.starts_with('-') ? "-" : "");
  number.remove_prefix(std::min(number.find_first_not_of("+-"), number.size()));
  const auto end_of_mantissa = std::min(number.find_first_of("eE"), number.size());
  const auto mantissa = number.substr(0, end_of_mantissa);
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const auto whole = mantissa.substr(0, point);
  const auto first = whole.find_first_not_of('0');
  out += first == whole.npos ? std::string_view("0") : whole.substr(first);
  if (point + 1 < mantissa.size()) out += mantissa.substr(point);
  return out.append(number.substr(end_of_mantissa));
}

// Gives what jq's parser says of a word that is no value; empty for one that is.
std::string_view fault_of_word(std::string_view word) noexcept {
  if (is_number(word) || word == "true" || word == "false" || word == "null" || word == "nan") return "";
  const char first = word.front();
  const bool name = first == 't' || first == 'f' || (first == 'n' && word.size() != 3);
  return name ? "Invalid literal" : "Invalid numeric literal";
}

}  // namespace

Compiled<std::string> number_of_text(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto fault = [&](std::string_view what) {
    return TextFault{0, fmt::format("{} (while parsing '{}')", what, text)};
  };
  const auto start = text.find_first_not_of(kBlanks);
  if (start == text.npos) return fault("Expected JSON value");
  const auto end = std::min(text.find_first_of(" \t\r\n[{:,]}\"", start), text.size());
  const auto word = text.substr(start, end - start);
  JsonDoc doc;
  if (word.empty()) return doc.parse(text) ? fault("Invalid JSON text") : TextFault();
  if (const auto said = fault_of_word(word); !said.empty()) {
    const auto read = text.substr(0, end + 1);  // with the sign that ends the word
    const auto line = 1 + std::count(read.begin(), read.end(), '\n');
    const auto column = read.size() - (read.rfind('\n') + 1);
    return fault(
        fmt::format("{}{} at line {}, column {}", said, end == text.size() ? " at EOF" : "", line, column));
  }
  if (text.find_first_not_of(kBlanks, end) != text.npos) return fault("Unexpected extra JSON values");
  if (!doc.parse(word))
    return doc.root().is(JsonKind::number) ? Compiled<std::string>(std::string(word)) : TextFault();
  if (word == "nan") return fault("nan is no number in JSON");
  return in_json(word);
}

std::string about(JsonValue value, std::string_view what) {
  return fmt::format("{} ({}) {}", kind_name(value.kind()), shown(value), what);
}

std::string cannot_index(JsonValue value, std::string_view key) {
  constexpr std::size_t kLongestShown = 29;
  if (key.size() > kLongestShown) return fmt::format("Cannot index {} with string", kind_name(value.kind()));
  return fmt::format("Cannot index {} with string \"{}\"", kind_name(value.kind()), key);
}

std::string cannot_index_by_number(JsonValue value) {
  return fmt::format("Cannot index {} with number", kind_name(value.kind()));
}

std::string cannot_iterate(JsonValue value) {
  return fmt::format("Cannot iterate over {} ({})", kind_name(value.kind()), shown(value));
}

std::string cannot_add(JsonValue a, JsonValue b) { return about(a, "and ") + about(b, "cannot be added"); }

std::string cannot_be_key(JsonValue value) {
  return fmt::format("Cannot use {} ({}) as object key", kind_name(value.kind()), shown(value));
}

std::string cannot_have(JsonValue value, JsonValue key) {
  return fmt::format("Cannot check whether {} has a {} key", kind_name(value.kind()), kind_name(key.kind()));
}

}  // namespace leat::pipelines
