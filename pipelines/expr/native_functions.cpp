#include "pipelines/expr/native_functions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "engine/text/utf8.hpp"
#include "pipelines/expr/jq_text.hpp"
#include "pipelines/expr/json_number.hpp"

namespace leat::pipelines {

bool NativeFunctions::fail(std::string message) {
  error_ = std::move(message);
  failed_ = true;
  return false;
}

JsonBuilder& NativeFunctions::take_builder() {
  if (scratch_.used == scratch_.builders.size()) scratch_.builders.push_back(std::make_unique<JsonBuilder>());
  JsonBuilder& builder = *scratch_.builders[scratch_.used++];
  builder.clear();
  return builder;
}

bool NativeFunctions::fits(std::size_t bytes) {
  constexpr std::size_t kMost = std::size_t{1} << 31;
  return bytes <= kMost || fail("the result is larger than 2 GiB");
}

bool NativeFunctions::append(JsonBuilder& builder, JsonValue value) {
  if (!fits(builder.bytes() + value.raw().size())) return false;
  builder.value(value);
  return true;
}

bool NativeFunctions::give_text(std::string_view text, JsonValue& out) {
  constexpr std::size_t kLongestEscape = 6;
  if (!fits(text.size() * kLongestEscape)) return false;
  JsonBuilder& builder = take_builder();
  builder.text(text);
  out = builder.root();
  return true;
}

bool NativeFunctions::give_number(std::string_view digits, JsonValue& out) {
  JsonBuilder& builder = take_builder();
  builder.number(digits);
  out = builder.root();
  return true;
}

bool NativeFunctions::call(const NativeNode& node, JsonValue in, JsonValue argument, JsonValue& out) {
  switch (node.function) {
    case NativeFunction::negation:
      out = JsonValue::boolean(!in.truthy());
      return true;
    case NativeFunction::length:
      return length(in, out);
    case NativeFunction::type:
      return give_text(kind_name(in.kind()), out);
    case NativeFunction::keys:
    case NativeFunction::keys_unsorted:
      return keys(in, node.function == NativeFunction::keys, out);
    case NativeFunction::to_entries:
      return to_entries(in, out);
    case NativeFunction::add:
      return add_items(in, out);
    case NativeFunction::tostring:
      out = in;
      return in.is(JsonKind::string) || give_text(json_of(in), out);
    case NativeFunction::tojson:
      return give_text(json_of(in), out);
    case NativeFunction::tonumber:
      return to_number(in, out);
    case NativeFunction::ascii_downcase:
    case NativeFunction::ascii_upcase:
      return change_case(in, node.function == NativeFunction::ascii_upcase, out);
    case NativeFunction::csv:
    case NativeFunction::tsv:
      return row(in, node.function == NativeFunction::csv, out);
    case NativeFunction::uri:
      return encode(in, out);
    case NativeFunction::test:
      return test(node, in, out);
    default:
      return call_with(node.function, in, argument, out);
  }
}

bool NativeFunctions::call_with(NativeFunction function, JsonValue in, JsonValue argument, JsonValue& out) {
  switch (function) {
    case NativeFunction::has:
      return has(in, argument, out);
    case NativeFunction::split:
      return split(in, argument, out);
    case NativeFunction::join:
      return join(in, argument, out);
    case NativeFunction::ltrimstr:
    case NativeFunction::rtrimstr:
      return trim(in, argument, function == NativeFunction::ltrimstr, out);
    default:
      break;
  }
  const bool starts = function == NativeFunction::startswith;
  if (!in.is(JsonKind::string) || !argument.is(JsonKind::string))
    return fail(starts ? "startswith() requires string inputs" : "endswith() requires string inputs");
  std::string in_scratch;
  std::string part_scratch;
  const auto text = in.text(in_scratch);
  const auto part = argument.text(part_scratch);
  out = JsonValue::boolean(starts ? text.starts_with(part) : text.ends_with(part));
  return true;
}

// A number's length is its absolute value.
bool NativeFunctions::length(JsonValue in, JsonValue& out) {
  if (in.is(JsonKind::true_) || in.is(JsonKind::false_)) return fail(about(in, "has no length"));
  if (in.is(JsonKind::number)) return give_number(in.raw().substr(in.raw().front() == '-' ? 1 : 0), out);
  std::string scratch;
  const auto size = in.is(JsonKind::string) ? text::count_characters(in.text(scratch)) : in.size();
  return give_number(std::to_string(size), out);
}

bool NativeFunctions::keys(JsonValue in, bool sorted, JsonValue& out) {
  if (in.kind() < JsonKind::array) return fail(about(in, "has no keys"));
  JsonBuilder& builder = take_builder();
  builder.start(JsonKind::array);
  if (in.is(JsonKind::array)) {
    for (std::size_t i = 0, size = in.size(); i < size; ++i) builder.number(std::to_string(i));
  } else {
    auto members = in.distinct_members();
    const auto less = [](const JsonMember& a, const JsonMember& b) {
      return JsonValue::compare(a.key, b.key) < 0;
    };
    if (sorted) std::sort(members.begin(), members.end(), less);
    for (const auto& member : members) builder.value(member.key);
  }
  builder.end();
  out = builder.root();
  return true;
}

bool NativeFunctions::to_entries(JsonValue in, JsonValue& out) {
  if (in.kind() < JsonKind::array) return fail(about(in, "has no keys"));
  constexpr std::size_t kWords = 20;  // bytes around a key and its value
  JsonBuilder& builder = take_builder();
  builder.start(JsonKind::array);
  const auto put = [&](const auto& put_key, JsonValue value) {
    if (!fits(builder.bytes() + kWords)) return false;
    builder.start(JsonKind::object);
    builder.key("key");
    put_key();
    builder.key("value");
    if (!append(builder, value)) return false;
    builder.end();
    return true;
  };
  std::size_t place = 0;
  if (in.is(JsonKind::array)) {
    for (const auto item : in.items()) {
      if (!put([&] { builder.number(std::to_string(place++)); }, item)) return false;
    }
  } else {
    for (const auto& member : in.distinct_members()) {
      if (!put([&] { builder.value(member.key); }, member.value)) return false;
    }
  }
  builder.end();
  out = builder.root();
  return true;
}

bool NativeFunctions::add_items(JsonValue in, JsonValue& out) {
  if (in.kind() < JsonKind::array) return fail(cannot_iterate(in));
  std::vector<JsonValue> values;
  if (in.is(JsonKind::array)) {
    for (const auto item : in.items()) values.push_back(item);
  } else {
    for (const auto& member : in.distinct_members()) values.push_back(member.value);
  }
  return sum(values, out);
}

// What comes before a value that can't be added is added up all the same, because the message shows it.
bool NativeFunctions::sum(std::span<const JsonValue> values, JsonValue& out) {
  std::vector<JsonValue> some;
  for (const auto value : values) {
    if (value.is(JsonKind::null)) continue;
    const bool fits_others =
        some.empty() || (value.kind() == some[0].kind() && value.kind() >= JsonKind::number);
    if (!fits_others) return sum(some, out) && fail(cannot_add(out, value));
    some.push_back(value);
  }
  out = some.empty() ? JsonValue::null() : some[0];
  if (some.size() < 2) return true;
  if (out.is(JsonKind::number)) return add_numbers_of(some, out);
  std::size_t bytes = 0;
  for (const auto value : some) bytes += value.raw().size();
  if (!fits(bytes)) return false;
  JsonBuilder& builder = take_builder();
  if (some[0].is(JsonKind::string)) {
    builder.start_text();
    for (const auto value : some) builder.inside(value);
    builder.end_text();
    out = builder.root();
    return true;
  }
  builder.start(some[0].kind());
  for (const auto value : some) {
    if (value.is(JsonKind::array)) {
      for (const auto item : value.items()) builder.value(item);
      continue;
    }
    for (const auto& member : value.members()) {
      builder.key(member.key);
      builder.value(member.value);
    }
  }
  builder.end();
  out = distinct(builder.root());
  return true;
}

bool NativeFunctions::add_numbers_of(std::span<const JsonValue> values, JsonValue& out) {
  std::string total(values[0].raw());
  for (const auto value : values.subspan(1)) {
    auto sum = add_numbers(total, value.raw());
    if (!sum) {
      const auto inexact = fits_double(total) ? value.raw() : std::string_view(total);
      return fail("the number " + std::string(inexact) + " can't be added without losing digits");
    }
    total = std::move(*sum);
  }
  return give_number(total, out);
}

// Gives an object in which each key is once.
JsonValue NativeFunctions::distinct(JsonValue value) {
  if (!value.is(JsonKind::object) || !value.has_duplicate_keys()) return value;
  JsonBuilder& builder = take_builder();
  builder.start(JsonKind::object);
  for (const auto& member : value.distinct_members()) {
    builder.key(member.key);
    builder.value(member.value);
  }
  builder.end();
  return builder.root();
}

bool NativeFunctions::to_number(JsonValue in, JsonValue& out) {
  out = in;
  if (in.is(JsonKind::number)) return true;
  if (!in.is(JsonKind::string)) return fail(about(in, "cannot be parsed as a number"));
  std::string scratch;
  const auto number = number_of_text(in.text(scratch));
  if (const auto* fault = std::get_if<TextFault>(&number)) {
    return fail(fault->message.empty() ? about(in, "cannot be parsed as a number") : fault->message);
  }
  return give_number(std::get<std::string>(number), out);
}

bool NativeFunctions::has(JsonValue in, JsonValue key, JsonValue& out) {
  out = JsonValue::boolean(false);
  if (in.is(JsonKind::null)) return true;
  if (in.is(JsonKind::object) && key.is(JsonKind::string)) {
    std::string scratch;
    out = JsonValue::boolean(in.get(key.text(scratch)).exists());
    return true;
  }
  if (!in.is(JsonKind::array) || !key.is(JsonKind::number)) return fail(cannot_have(in, key));
  const double place = key.number();
  out = JsonValue::boolean(place > -1 && place < static_cast<double>(in.size()));
  return true;
}

}  // namespace leat::pipelines
