#include <map>
#include <string>
#include <utility>

#include "pipelines/expr/jq_text.hpp"
#include "pipelines/expr/native_evaluation.hpp"

namespace leat::pipelines {

/// What is to be taken out of a value: all of it, or some of what is in it.
struct NativeEvaluation::Cut {
  bool whole = false;
  std::map<std::string, Cut, std::less<>> members;
  std::map<std::int64_t, Cut> items;
};

// As in jq, all paths are found before anything is taken out.
bool NativeEvaluation::delete_paths(const NativeNode& node, JsonValue value, JsonValue& out) {
  Cut cut;
  const auto outer = std::exchange(path_, {});
  const bool found = each_place(node.a, value, [&](JsonValue) {
    Cut* at = &cut;
    for (const auto& step : path_) at = step.place ? &at->items[*step.place] : &at->members[step.name];
    at->whole = true;
    return true;
  });
  path_ = outer;
  if (!found) return false;
  if (cut.whole) {
    out = JsonValue::null();
    return true;
  }
  JsonBuilder& builder = take_builder();
  if (!write_without(builder, value, cut)) return false;
  out = builder.root();
  return true;
}

// Gives each place that the node names, with the path to it in `path_`.
bool NativeEvaluation::each_place(std::uint32_t index, JsonValue in, PlaceSink sink) {
  const NativeNode& node = tree_.nodes[index];
  switch (node.op) {
    case NativeOp::identity:
      return sink(in);
    case NativeOp::empty:
      return true;
    case NativeOp::pipe:
      return each_place(node.a, in, [&](JsonValue middle) { return each_place(node.b, middle, sink); });
    case NativeOp::comma:
      return each_place(node.a, in, sink) && each_place(node.b, in, sink);
    case NativeOp::select:
      return each(node.a, {in}, [&](Cursor condition) { return !is_truthy(condition) || sink(in); });
    case NativeOp::attempt: {
      const auto depth = path_.size();
      if (each_place(node.a, in, sink)) return true;
      if (late_) return false;
      failed_ = false;
      path_.resize(depth);
      return true;
    }
    default:
      return each_place(node.a, in, [&](JsonValue from) { return each_place_within(node, from, sink); });
  }
}

bool NativeEvaluation::each_place_within(const NativeNode& node, JsonValue in, PlaceSink sink) {
  const auto go = [&](Step step, JsonValue value) {
    path_.push_back(std::move(step));
    const bool more = sink(value);
    if (more) path_.pop_back();
    return more;
  };
  if (node.op != NativeOp::iterate) {
    Cursor out;
    if (!step(node, {in}, out)) {
      if (node.optional) failed_ = false;
      return node.optional;
    }
    if (node.op == NativeOp::field) return go({node.text, std::nullopt}, out.value);
    const auto size = static_cast<std::int64_t>(in.size());
    return go({"", node.number < 0 ? node.number + size : node.number}, out.value);
  }
  if (in.kind() < JsonKind::array) return node.optional || fail(cannot_iterate(in));
  if (in.is(JsonKind::object)) {
    for (const auto& member : in.distinct_members()) {
      if (!go({member.key.text(), std::nullopt}, member.value)) return false;
    }
    return true;
  }
  std::int64_t place = 0;
  for (const auto item : in.items()) {
    if (!go({"", place++}, item)) return false;
  }
  return true;
}

bool NativeEvaluation::write_without(JsonBuilder& builder, JsonValue value, const Cut& cut) {
  if (value.kind() < JsonKind::array || (cut.members.empty() && cut.items.empty()))
    return append(builder, value);
  const auto write = [&](auto found, const auto& cuts, JsonValue inner) {
    return found == cuts.end() ? append(builder, inner) : write_without(builder, inner, found->second);
  };
  builder.start(value.kind());
  if (value.is(JsonKind::object)) {
    for (const auto& member : value.distinct_members()) {
      const auto found = cut.members.find(member.key.text());
      if (found != cut.members.end() && found->second.whole) continue;
      builder.key(member.key);
      if (!write(found, cut.members, member.value)) return false;
    }
  } else {
    std::int64_t place = 0;
    for (const auto item : value.items()) {
      const auto found = cut.items.find(place++);
      if (found != cut.items.end() && found->second.whole) continue;
      if (!write(found, cut.items, item)) return false;
    }
  }
  builder.end();
  return true;
}

}  // namespace leat::pipelines
