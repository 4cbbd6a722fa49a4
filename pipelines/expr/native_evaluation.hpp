#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/expr/function_ref.hpp"
#include "pipelines/expr/input.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/expr/native_functions.hpp"
#include "pipelines/expr/native_node.hpp"
#include "pipelines/expr/native_program.hpp"

namespace leat::pipelines {

/// One run of a native program. jq's generators are calls that go down for each output and come back for the
/// next. An error comes back all the way. In jq 1.6 `(a)? | b` swallows b's errors, too, and in 1.7 only a's:
/// then it is asked which of them is here.
///
/// A run that takes more CPU time than its scratch allows fails, since nothing else could end it. No `?`
/// swallows this.
class NativeEvaluation : private NativeFunctions {
 public:
  NativeEvaluation(const NativeTree& tree, Input* input, NativeProgram::Scratch& scratch) noexcept
      : NativeFunctions(scratch), tree_(tree), input_(input) {}

  /// If there is no `whole`, the input is asked for what is needed.
  Status run(std::optional<JsonValue> whole, NativeProgram::Output output);

 private:
  /// A value, or the whole input if nobody has looked at it yet.
  struct Cursor {
    JsonValue value;
    bool is_input = false;
  };
  /// It gives false after an error, or when no further output is wanted.
  using Sink = FunctionRef<bool(Cursor)>;

  bool each(std::uint32_t index, Cursor in, Sink sink);
  bool each_path(const NativeNode& node, Cursor in, Sink sink);
  bool each_item(JsonValue container, Sink sink);
  bool each_pair(const NativeNode& node, Cursor in, Sink sink);
  bool each_logic(const NativeNode& node, Cursor in, Sink sink);
  bool each_alternative(const NativeNode& node, Cursor in, Sink sink);
  bool each_attempt(const NativeNode& node, Cursor in, Sink sink);
  bool each_call(const NativeNode& node, Cursor in, Sink sink);
  bool each_first(const NativeNode& node, Cursor in, Sink sink);
  bool each_last(const NativeNode& node, Cursor in, Sink sink);
  bool each_array(const NativeNode& node, Cursor in, Sink sink);
  bool each_object(const NativeNode& node, Cursor in, Sink sink);
  bool each_member(const NativeNode& node, std::size_t member, std::size_t first, Cursor in, Sink sink);
  bool give_object(const NativeNode& node, std::size_t first, Sink sink);
  bool each_text(const NativeNode& node, Cursor in, Sink sink);
  bool each_stretch(const NativeNode& node, std::size_t left, std::size_t first, Cursor in, Sink sink);
  bool join_stretches(const NativeNode& node, std::size_t first, Cursor& out);

  bool single(std::uint32_t index, Cursor in, Cursor& out);
  bool single_text(const NativeNode& node, Cursor in, Cursor& out);
  bool step(const NativeNode& node, Cursor from, Cursor& out);
  bool pair(const NativeNode& node, Cursor left, Cursor right, Cursor& out);

  /// A step of a path: a member of that name, or else an item.
  struct Step {
    std::string name{};
    std::optional<std::int64_t> place{};
  };
  struct Cut;
  using PlaceSink = FunctionRef<bool(JsonValue)>;
  bool delete_paths(const NativeNode& node, JsonValue value, JsonValue& out);
  bool each_place(std::uint32_t index, JsonValue in, PlaceSink sink);
  bool each_place_within(const NativeNode& node, JsonValue in, PlaceSink sink);
  bool write_without(JsonBuilder& builder, JsonValue value, const Cut& cut);

  JsonValue value_of(const Cursor& cursor) { return cursor.is_input ? input_->whole() : cursor.value; }
  bool is_truthy(const Cursor& cursor) { return value_of(cursor).truthy(); }
  bool is_late();

  const NativeTree& tree_;
  Input* input_;
  std::vector<Step> path_;                           // to the place that is looked at
  std::uint32_t steps_ = 0;                          // that were taken
  std::optional<std::chrono::nanoseconds> started_;  // of the thread's CPU time
  bool late_ = false;
};

}  // namespace leat::pipelines
