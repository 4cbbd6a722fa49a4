#include "pipelines/expr/native_evaluation.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "pipelines/expr/jq_text.hpp"

namespace leat::pipelines {

namespace {

bool holds(NativeOp op, int order) noexcept {
  switch (op) {
    case NativeOp::equal:
      return order == 0;
    case NativeOp::not_equal:
      return order != 0;
    case NativeOp::less:
      return order < 0;
    case NativeOp::less_equal:
      return order <= 0;
    case NativeOp::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

std::size_t count_characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

Status NativeEvaluation::run(std::optional<JsonValue> whole, NativeProgram::Output output) {
  scratch_.used = 0;
  scratch_.values.clear();
  const Cursor start{whole.value_or(JsonValue()), !whole.has_value()};
  each(static_cast<std::uint32_t>(tree_.nodes.size() - 1), start, [&](Cursor out) {
    output(value_of(out));
    return true;
  });
  if (!failed_) return std::nullopt;
  return Error(Errc::filter_error, std::move(error_));
}

bool NativeEvaluation::fail(std::string message) {
  error_ = std::move(message);
  failed_ = true;
  return false;
}

JsonBuilder& NativeEvaluation::take_builder() {
  if (scratch_.used == scratch_.builders.size()) scratch_.builders.push_back(std::make_unique<JsonBuilder>());
  JsonBuilder& builder = *scratch_.builders[scratch_.used++];
  builder.clear();
  return builder;
}

bool NativeEvaluation::each(std::uint32_t index, Cursor in, Sink sink) {
  const NativeNode& node = tree_.nodes[index];
  if (node.single) {
    const auto used = scratch_.used;
    Cursor out;
    if (!single(index, in, out) || !sink(out)) return false;
    scratch_.used = used;
    return true;
  }
  switch (node.op) {
    case NativeOp::field:
    case NativeOp::index:
    case NativeOp::iterate:
      return each_path(node, in, sink);
    case NativeOp::both:
    case NativeOp::either:
      return each_logic(node, in, sink);
    case NativeOp::alternative:
      return each_alternative(node, in, sink);
    case NativeOp::pipe:
      return each(node.a, in, [&](Cursor middle) { return each(node.b, middle, sink); });
    case NativeOp::comma:
      return each(node.a, in, sink) && each(node.b, in, sink);
    case NativeOp::attempt:
      return each_attempt(node, in, sink);
    case NativeOp::select:
      return each(node.a, in, [&](Cursor condition) { return !is_truthy(condition) || sink(in); });
    case NativeOp::empty:
      return true;
    case NativeOp::array:
      return each_array(node, in, sink);
    case NativeOp::object:
      return each_object(node, in, sink);
    default:
      return each_compared(node, in, sink);
  }
}

bool NativeEvaluation::each_path(const NativeNode& node, Cursor in, Sink sink) {
  return each(node.a, in, [&](Cursor from) {
    if (node.op == NativeOp::iterate) {
      const JsonValue container = value_of(from);
      if (container.kind() >= JsonKind::array) return each_item(container, sink);
      return node.optional || fail(cannot_iterate(container));
    }
    Cursor out;
    if (step(node, from, out)) return sink(out);
    if (node.optional) failed_ = false;
    return node.optional;
  });
}

bool NativeEvaluation::each_item(JsonValue container, Sink sink) {
  if (container.is(JsonKind::array)) {
    for (const auto item : container.items()) {
      if (!sink({item})) return false;
    }
    return true;
  }
  if (container.has_duplicate_keys()) {
    for (const auto& member : container.distinct_members()) {
      if (!sink({member.value})) return false;
    }
    return true;
  }
  for (const auto& member : container.members()) {
    if (!sink({member.value})) return false;
  }
  return true;
}

// jq takes the right operand's outputs first, and for each of them all of the left one's.
bool NativeEvaluation::each_compared(const NativeNode& node, Cursor in, Sink sink) {
  return each(node.b, in, [&](Cursor right) {
    return each(node.a, in,
                [&](Cursor left) { return sink({JsonValue::boolean(compared(node, left, right))}); });
  });
}

bool NativeEvaluation::each_logic(const NativeNode& node, Cursor in, Sink sink) {
  const bool settles = node.op == NativeOp::either;
  return each(node.a, in, [&](Cursor left) {
    if (is_truthy(left) == settles) return sink({JsonValue::boolean(settles)});
    return each(node.b, in, [&](Cursor right) { return sink({JsonValue::boolean(is_truthy(right))}); });
  });
}

bool NativeEvaluation::each_alternative(const NativeNode& node, Cursor in, Sink sink) {
  bool found = false;
  const bool done = each(node.a, in, [&](Cursor left) {
    if (!is_truthy(left)) return true;
    found = true;
    return sink(left);
  });
  if (!done || found) return done;
  return each(node.b, in, sink);
}

bool NativeEvaluation::each_attempt(const NativeNode& node, Cursor in, Sink sink) {
  const auto used = scratch_.used;
  const auto values = scratch_.values.size();
  if (each(node.a, in, sink)) return true;
  failed_ = false;
  scratch_.used = used;
  scratch_.values.resize(values);
  return true;
}

bool NativeEvaluation::append(JsonBuilder& builder, JsonValue value) {
  constexpr std::size_t kMost = std::size_t{1} << 31;
  if (builder.bytes() + value.raw().size() > kMost) return fail("the result is larger than 2 GiB");
  builder.value(value);
  return true;
}

bool NativeEvaluation::each_array(const NativeNode& node, Cursor in, Sink sink) {
  JsonBuilder& builder = take_builder();
  builder.start(JsonKind::array);
  const bool done = each(node.a, in, [&](Cursor item) { return append(builder, value_of(item)); });
  if (!done) return false;
  builder.end();
  const bool given = sink({builder.root()});
  if (given) give_back_builder();
  return given;
}

// The values of the members stand side by side, from `first` on.
bool NativeEvaluation::each_object(const NativeNode& node, Cursor in, Sink sink) {
  const std::size_t first = scratch_.values.size();
  scratch_.values.resize(first + node.members.size());
  if (!each_member(node, 0, first, in, sink)) return false;
  scratch_.values.resize(first);
  return true;
}

bool NativeEvaluation::each_member(const NativeNode& node, std::size_t member, std::size_t first, Cursor in,
                                   Sink sink) {
  if (member == node.members.size()) return give_object(node, first, sink);
  return each(node.members[member].value, in, [&](Cursor value) {
    scratch_.values[first + member] = value_of(value);
    return each_member(node, member + 1, first, in, sink);
  });
}

bool NativeEvaluation::give_object(const NativeNode& node, std::size_t first, Sink sink) {
  JsonBuilder& builder = take_builder();
  builder.start(JsonKind::object);
  for (std::size_t i = 0; i < node.members.size(); ++i) {
    builder.key(node.members[i].key);
    if (!append(builder, scratch_.values[first + i])) return false;
  }
  builder.end();
  const bool given = sink({builder.root()});
  if (given) give_back_builder();
  return given;
}

bool NativeEvaluation::single(std::uint32_t index, Cursor in, Cursor& out) {
  const NativeNode& node = tree_.nodes[index];
  switch (node.op) {
    case NativeOp::identity:
      out = in;
      return true;
    case NativeOp::constant:
      out = {node.constant};
      return true;
    case NativeOp::field:
    case NativeOp::index: {
      Cursor from;
      return single(node.a, in, from) && step(node, from, out);
    }
    case NativeOp::pipe: {
      Cursor middle;
      return single(node.a, in, middle) && single(node.b, middle, out);
    }
    case NativeOp::both:
    case NativeOp::either: {
      const bool settles = node.op == NativeOp::either;
      if (!single(node.a, in, out)) return false;
      if (is_truthy(out) != settles) {
        if (!single(node.b, in, out)) return false;
      }
      out = {JsonValue::boolean(is_truthy(out))};
      return true;
    }
    case NativeOp::equal:
    case NativeOp::not_equal:
    case NativeOp::less:
    case NativeOp::less_equal:
    case NativeOp::greater:
    case NativeOp::greater_eq: {
      Cursor right;
      Cursor left;
      if (!single(node.b, in, right) || !single(node.a, in, left)) return false;
      out = {JsonValue::boolean(compared(node, left, right))};
      return true;
    }
    default:
      return look(node, value_of(in), out);
  }
}

bool NativeEvaluation::step(const NativeNode& node, Cursor from, Cursor& out) {
  if (from.is_input && node.op == NativeOp::field) {
    out = {input_->field(node.text)};
    const auto* fault = out.value.exists() ? nullptr : input_->fault(node.text);
    return fault == nullptr || fail(fault->message);
  }
  const JsonValue value = value_of(from);
  if (node.op == NativeOp::field) {
    out = {value.get(node.text)};
    return value.is(JsonKind::object) || value.is(JsonKind::null) || fail(cannot_index(value, node.text));
  }
  out = {value.at(node.number)};
  return value.is(JsonKind::array) || value.is(JsonKind::null) || fail(cannot_index_by_number(value));
}

bool NativeEvaluation::compared(const NativeNode& node, Cursor left, Cursor right) {
  return holds(node.op, JsonValue::compare(value_of(left), value_of(right)));
}

// These functions depend on their input alone.
bool NativeEvaluation::look(const NativeNode& node, JsonValue value, Cursor& out) {
  switch (node.op) {
    case NativeOp::negation:
      out = {JsonValue::boolean(!value.truthy())};
      return true;
    case NativeOp::length:
      return count(value, out);
    case NativeOp::has:
      out = {JsonValue::boolean(value.get(node.text).exists())};
      return value.is(JsonKind::object) || value.is(JsonKind::null) || fail(cannot_have(value));
    default:
      return look_at_text(node, value, out);
  }
}

bool NativeEvaluation::look_at_text(const NativeNode& node, JsonValue value, Cursor& out) {
  if (!value.is(JsonKind::string)) {
    if (node.op == NativeOp::test) return fail(cannot_match(value));
    return fail(node.op == NativeOp::starts_with ? "startswith() requires string inputs"
                                                 : "endswith() requires string inputs");
  }
  std::string scratch;
  const auto text = value.text(scratch);
  const bool found = node.op == NativeOp::test
                         ? re2::RE2::PartialMatch({text.data(), text.size()}, *node.regex)
                     : node.op == NativeOp::starts_with ? text.starts_with(node.text)
                                                        : text.ends_with(node.text);
  out = {JsonValue::boolean(found)};
  return true;
}

// A number's length is its absolute value.
bool NativeEvaluation::count(JsonValue value, Cursor& out) {
  if (value.is(JsonKind::true_) || value.is(JsonKind::false_)) return fail(no_length(value));
  JsonBuilder& builder = take_builder();
  if (value.is(JsonKind::number)) {
    builder.number(value.raw().substr(value.raw().front() == '-' ? 1 : 0));
  } else {
    std::string scratch;
    const auto size = value.is(JsonKind::string) ? count_characters(value.text(scratch)) : value.size();
    builder.number(std::to_string(size));
  }
  out = {builder.root()};
  return true;
}

}  // namespace leat::pipelines
