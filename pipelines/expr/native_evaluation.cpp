#include "pipelines/expr/native_evaluation.hpp"

#include <time.h>

#include <array>
#include <chrono>
#include <utility>

#include "engine/text/units.hpp"
#include "pipelines/expr/jq_program.hpp"
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

}  // namespace

Status NativeEvaluation::run(std::optional<JsonValue> whole, NativeProgram::Output output) {
  scratch_.used = 0;
  scratch_.values.clear();
  scratch_.variables.assign(tree_.variables, JsonValue());
  const Cursor start{whole.value_or(JsonValue()), !whole.has_value()};
  each(static_cast<std::uint32_t>(tree_.nodes.size() - 1), start, [&](Cursor out) {
    output(value_of(out));
    return true;
  });
  if (!failed_) return std::nullopt;
  return Error(Errc::filter_error, std::move(error_));
}

// The clock, which is that of the thread's own CPU time, is looked at once in a while.
bool NativeEvaluation::is_late() {
  constexpr std::uint32_t kSteps = 1u << 16;
  if (++steps_ % kSteps != 0) return false;
  std::timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  const auto now = std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  if (!started_) started_ = now;
  late_ = now - *started_ > scratch_.most;
  return late_ && !fail("ran longer than " + text::format_duration(scratch_.most));
}

bool NativeEvaluation::each(std::uint32_t index, Cursor in, Sink sink) {
  if (is_late()) return false;
  const NativeNode& node = tree_.nodes[index];
  const auto used = scratch_.used;
  if (node.single) {
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
    case NativeOp::rescue:
      return each_attempt(node, in, sink);
    case NativeOp::condition:
      return each(node.a, in,
                  [&](Cursor condition) { return each(is_truthy(condition) ? node.b : node.c, in, sink); });
    case NativeOp::binding:
      return each(node.a, in, [&](Cursor value) {
        scratch_.variables[static_cast<std::size_t>(node.number)] = value_of(value);
        return each(node.b, in, sink);
      });
    case NativeOp::select:
      return each(node.a, in, [&](Cursor condition) { return !is_truthy(condition) || sink(in); });
    case NativeOp::first:
      return each_first(node, in, sink);
    case NativeOp::last:
      return each_last(node, in, sink);
    case NativeOp::empty:
      return true;
    case NativeOp::array:
      return each_array(node, in, sink);
    case NativeOp::object:
      return each_object(node, in, sink);
    case NativeOp::text:
      return each_text(node, in, sink);
    case NativeOp::call:
      return each_call(node, in, sink);
    default:
      return each_pair(node, in, sink);
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
bool NativeEvaluation::each_pair(const NativeNode& node, Cursor in, Sink sink) {
  return each(node.b, in, [&](Cursor right) {
    return each(node.a, in, [&](Cursor left) {
      const auto used = scratch_.used;
      Cursor out;
      if (!pair(node, left, right, out) || !sink(out)) return false;
      scratch_.used = used;
      return true;
    });
  });
}

bool NativeEvaluation::each_call(const NativeNode& node, Cursor in, Sink sink) {
  return each(node.a, in, [&](Cursor argument) {
    const auto used = scratch_.used;
    Cursor out;
    if (!call(node, value_of(in), value_of(argument), out.value) || !sink(out)) return false;
    scratch_.used = used;
    return true;
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
  bool failed_behind = false;
  const bool done = each(node.a, in, [&](Cursor out) {
    failed_behind = !sink(out);
    return !failed_behind;
  });
  if (done) return true;
  if (!failed_ || late_ || (failed_behind && JqProgram::is_1_7())) return false;
  failed_ = false;
  scratch_.used = used;
  scratch_.values.resize(values);
  if (node.op == NativeOp::attempt) return true;
  JsonBuilder& message = take_builder();
  message.text(error_);
  if (!each(node.b, {message.root()}, sink)) return false;
  --scratch_.used;
  return true;
}

// The output goes on from within, because in jq 1.6 a `?` there swallows the errors of what follows.
bool NativeEvaluation::each_first(const NativeNode& node, Cursor in, Sink sink) {
  const auto used = scratch_.used;
  const auto values = scratch_.values.size();
  bool given = false;
  const bool done = each(node.a, in, [&](Cursor out) {
    given = sink(out);
    return false;
  });
  if (!given) return done;
  scratch_.used = used;
  scratch_.values.resize(values);
  return true;
}

bool NativeEvaluation::each_last(const NativeNode& node, Cursor in, Sink sink) {
  JsonBuilder& kept = take_builder();
  bool some = false;
  const bool done = each(node.a, in, [&](Cursor out) {
    some = true;
    kept.clear();
    return append(kept, value_of(out));
  });
  if (!done || !sink({some ? kept.root() : JsonValue::null()})) return false;
  --scratch_.used;
  return true;
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
    case NativeOp::variable:
      out = {scratch_.variables[static_cast<std::size_t>(node.number)]};
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
    case NativeOp::condition: {
      Cursor condition;
      return single(node.a, in, condition) && single(is_truthy(condition) ? node.b : node.c, in, out);
    }
    case NativeOp::text:
      return single_text(node, in, out);
    case NativeOp::del:
      out.is_input = false;
      return delete_paths(node, value_of(in), out.value);
    case NativeOp::call: {
      Cursor argument;
      if (tree_.takes_argument(node) && !single(node.a, in, argument)) return false;
      out.is_input = false;
      return call(node, value_of(in), value_of(argument), out.value);
    }
    default: {
      Cursor right;
      Cursor left;
      return single(node.b, in, right) && single(node.a, in, left) && pair(node, left, right, out);
    }
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

bool NativeEvaluation::pair(const NativeNode& node, Cursor left, Cursor right, Cursor& out) {
  out.is_input = false;
  if (node.op == NativeOp::sum) {
    const std::array<JsonValue, 2> values{value_of(left), value_of(right)};
    return sum(values, out.value);
  }
  out.value = JsonValue::boolean(holds(node.op, JsonValue::compare(value_of(left), value_of(right))));
  return true;
}

}  // namespace leat::pipelines
