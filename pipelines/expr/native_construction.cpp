#include "pipelines/expr/jq_text.hpp"
#include "pipelines/expr/native_evaluation.hpp"

namespace leat::pipelines {

bool NativeEvaluation::each_array(const NativeNode& node, Cursor in, Sink sink) {
  JsonBuilder& builder = take_builder();
  builder.start(JsonKind::array);
  const bool done = each(node.a, in, [&](Cursor item) { return append(builder, value_of(item)); });
  if (!done) return false;
  builder.end();
  if (!sink({builder.root()})) return false;
  --scratch_.used;
  return true;
}

// The keys and values of the members stand side by side, from `first` on.
bool NativeEvaluation::each_object(const NativeNode& node, Cursor in, Sink sink) {
  const std::size_t first = scratch_.values.size();
  scratch_.values.resize(first + 2 * node.members.size());
  if (!each_member(node, 0, first, in, sink)) return false;
  scratch_.values.resize(first);
  return true;
}

bool NativeEvaluation::each_member(const NativeNode& node, std::size_t member, std::size_t first, Cursor in,
                                   Sink sink) {
  if (member == node.members.size()) return give_object(node, first, sink);
  const NativeMember& made = node.members[member];
  const auto at = first + 2 * member;
  const auto each_value = [&](JsonValue key) {
    scratch_.values[at] = key;
    return each(*made.value, in, [&](Cursor value) {
      if (!key.is(JsonKind::string)) return fail(cannot_be_key(key));
      scratch_.values[at + 1] = value_of(value);
      return each_member(node, member + 1, first, in, sink);
    });
  };
  if (!made.name) return each_value(made.key);
  return each(*made.name, in, [&](Cursor name) { return each_value(value_of(name)); });
}

bool NativeEvaluation::give_object(const NativeNode& node, std::size_t first, Sink sink) {
  const auto used = scratch_.used;
  JsonBuilder& builder = take_builder();
  builder.start(JsonKind::object);
  bool computed = false;
  for (std::size_t i = 0; i < node.members.size(); ++i) {
    computed = computed || node.members[i].name;
    if (!fits(builder.bytes() + scratch_.values[first + 2 * i].raw().size())) return false;
    builder.key(scratch_.values[first + 2 * i]);
    if (!append(builder, scratch_.values[first + 2 * i + 1])) return false;
  }
  builder.end();
  if (!sink({computed ? distinct(builder.root()) : builder.root()})) return false;
  scratch_.used = used;
  return true;
}

bool NativeEvaluation::each_text(const NativeNode& node, Cursor in, Sink sink) {
  const std::size_t first = scratch_.values.size();
  scratch_.values.resize(first + node.members.size());
  if (!each_stretch(node, node.members.size(), first, in, sink)) return false;
  scratch_.values.resize(first);
  return true;
}

// jq takes the outputs of the last value first.
bool NativeEvaluation::each_stretch(const NativeNode& node, std::size_t left, std::size_t first, Cursor in,
                                    Sink sink) {
  const auto used = scratch_.used;
  if (left == 0) {
    Cursor out;
    if (!join_stretches(node, first, out) || !sink(out)) return false;
    scratch_.used = used;
    return true;
  }
  const auto& value = node.members[left - 1].value;
  if (!value) return each_stretch(node, left - 1, first, in, sink);
  return each(*value, in, [&](Cursor shown) {
    const auto used_before = scratch_.used;
    JsonValue written;
    if (!call(node, value_of(shown), JsonValue(), written)) return false;
    scratch_.values[first + left - 1] = written;
    if (!each_stretch(node, left - 1, first, in, sink)) return false;
    scratch_.used = used_before;
    return true;
  });
}

bool NativeEvaluation::single_text(const NativeNode& node, Cursor in, Cursor& out) {
  const std::size_t first = scratch_.values.size();
  scratch_.values.resize(first + node.members.size());
  for (std::size_t left = node.members.size(); left > 0; --left) {
    const auto& value = node.members[left - 1].value;
    if (!value) continue;
    Cursor shown;
    JsonValue written;
    if (!single(*value, in, shown) || !call(node, value_of(shown), JsonValue(), written)) return false;
    scratch_.values[first + left - 1] = written;
  }
  if (!join_stretches(node, first, out)) return false;
  scratch_.values.resize(first);
  return true;
}

bool NativeEvaluation::join_stretches(const NativeNode& node, std::size_t first, Cursor& out) {
  JsonBuilder& builder = take_builder();
  builder.start_text();
  for (std::size_t i = 0; i < node.members.size(); ++i) {
    builder.inside(node.members[i].key);
    if (!node.members[i].value) continue;
    const JsonValue value = scratch_.values[first + i];
    if (!fits(builder.bytes() + value.raw().size())) return false;
    builder.inside(value);
  }
  builder.end_text();
  out = {builder.root()};
  return true;
}

}  // namespace leat::pipelines
