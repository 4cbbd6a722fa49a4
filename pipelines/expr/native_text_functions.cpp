#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/text/percent.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/jq_program.hpp"
#include "pipelines/expr/jq_text.hpp"
#include "pipelines/expr/native_functions.hpp"

namespace leat::pipelines {

namespace {

// Gives what jq's `tostring` gives; of a string, its text.
std::string_view text_of(JsonValue value, std::string& scratch) {
  if (value.is(JsonKind::string)) return value.text(scratch);
  scratch = json_of(value);
  return scratch;
}

void append_csv_field(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

void append_tsv_field(std::string& out, std::string_view text) {
  constexpr std::string_view kFrom = "\t\n\r\\";
  constexpr std::string_view kTo = "tnr\\";
  for (const char c : text) {
    const auto at = kFrom.find(c);
    if (at != kFrom.npos) out += '\\';
    out += at == kFrom.npos ? c : kTo[at];
  }
}

}  // namespace

bool NativeFunctions::test(const NativeNode& node, JsonValue in, JsonValue& out) {
  if (!in.is(JsonKind::string)) return fail(about(in, "cannot be matched, as it is not a string"));
  std::string scratch;
  const auto text = in.text(scratch);
  out = JsonValue::boolean(re2::RE2::PartialMatch({text.data(), text.size()}, *node.regex));
  return true;
}

bool NativeFunctions::change_case(JsonValue in, bool upper, JsonValue& out) {
  if (!in.is(JsonKind::string)) return fail("explode input must be a string");
  std::string text = in.text();
  for (char& c : text) {
    if (upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z') c = static_cast<char>(c ^ 0x20);
  }
  return give_text(text, out);
}

bool NativeFunctions::row(JsonValue in, bool csv, JsonValue& out) {
  if (!in.is(JsonKind::array)) {
    return fail(
        about(in, csv ? "cannot be csv-formatted, only array" : "cannot be tsv-formatted, only array"));
  }
  std::string line;
  std::string scratch;
  bool first = true;
  for (const auto item : in.items()) {
    if (!std::exchange(first, false)) line += csv ? ',' : '\t';
    if (item.kind() >= JsonKind::array) return fail(about(item, "is not valid in a csv row"));
    if (item.is(JsonKind::string)) {
      const std::size_t begin = line.size();
      csv ? append_csv_field(line, item.text(scratch)) : append_tsv_field(line, item.text(scratch));
      for (auto nul = line.find('\0', begin); nul != line.npos; nul = line.find('\0', nul))
        line.replace(nul, 1, "\\0");  // as jq does
    } else if (!item.is(JsonKind::null)) {
      line += item.raw();
    }
  }
  return give_text(line, out);
}

bool NativeFunctions::encode(JsonValue in, JsonValue& out) {
  constexpr std::string_view kPlain = "-_.~";
  constexpr std::string_view kPlainIn16 = "!*'()";  // jq 1.6 goes by RFC 2396, and 1.7 by RFC 3986
  std::string scratch;
  std::string text;
  for (const char c : text_of(in, scratch)) {
    if (text::is_alphanumeric(c) || kPlain.find(c) != kPlain.npos ||
        (kPlainIn16.find(c) != kPlainIn16.npos && !JqProgram::is_1_7())) {
      text += c;
    } else {
      text::append_percent_encoded(text, c);
    }
  }
  return give_text(text, out);
}

bool NativeFunctions::split(JsonValue in, JsonValue by, JsonValue& out) {
  if (!in.is(JsonKind::string) || !by.is(JsonKind::string))
    return fail("split input and separator must be strings");
  std::string in_scratch;
  std::string by_scratch;
  auto text = in.text(in_scratch);
  const auto separator = by.text(by_scratch);
  constexpr std::size_t kAround = 3;  // quotes and a comma
  JsonBuilder& builder = take_builder();
  builder.start(JsonKind::array);
  for (bool more = !text.empty(); more;) {
    const auto found = separator.empty() ? std::max<std::size_t>(text::character_length(text), 1)
                                         : std::min(text.find(separator), text.size());
    more = found + separator.size() <= text.size() && (!separator.empty() || found < text.size());
    if (!fits(builder.bytes() + 6 * found + kAround)) return false;
    builder.text(text.substr(0, found));
    if (more) text.remove_prefix(found + separator.size());
  }
  builder.end();
  out = builder.root();
  return true;
}

// jq adds up strings; what can't be added is said by the sum.
bool NativeFunctions::join(JsonValue in, JsonValue with, JsonValue& out) {
  if (in.kind() < JsonKind::array) return fail(cannot_iterate(in));
  JsonBuilder& builder = take_builder();
  builder.start(JsonKind::array);
  builder.text("");
  bool first = true;
  const auto add = [&](JsonValue item) {
    if (!std::exchange(first, false) && !append(builder, with)) return false;
    const bool written = item.is(JsonKind::number) || item.is(JsonKind::true_) || item.is(JsonKind::false_);
    if (!written) return append(builder, item);
    builder.text(item.raw());
    return true;
  };
  if (in.is(JsonKind::array)) {
    for (const auto item : in.items()) {
      if (!add(item)) return false;
    }
  } else {
    for (const auto& member : in.distinct_members()) {
      if (!add(member.value)) return false;
    }
  }
  builder.end();
  return add_items(builder.root(), out);
}

bool NativeFunctions::trim(JsonValue in, JsonValue part, bool left, JsonValue& out) {
  out = in;
  if (!in.is(JsonKind::string) || !part.is(JsonKind::string)) return true;
  std::string in_scratch;
  std::string part_scratch;
  const auto text = in.text(in_scratch);
  const auto what = part.text(part_scratch);
  if (left ? !text.starts_with(what) : !text.ends_with(what)) return true;
  return give_text(left ? text.substr(what.size()) : text.substr(0, text.size() - what.size()), out);
}

}  // namespace leat::pipelines
