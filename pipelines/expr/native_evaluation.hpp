#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/error.hpp"
#include "pipelines/expr/function_ref.hpp"
#include "pipelines/expr/input.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/expr/json_builder.hpp"
#include "pipelines/expr/native_node.hpp"
#include "pipelines/expr/native_program.hpp"

namespace leat::pipelines {

/// One run of a native program. jq's generators are calls that go down for each output and come back for the
/// next. An error comes back all the way, as in jq 1.6, where `(a)? | b` swallows b's errors, too.
class NativeEvaluation {
 public:
  NativeEvaluation(const NativeTree& tree, Input* input, NativeProgram::Scratch& scratch) noexcept
      : tree_(tree), input_(input), scratch_(scratch) {}

  /// If there is no `whole`, the input is asked for what is needed.
  Status run(std::optional<JsonValue> whole, NativeProgram::Output output);

 private:
  /// A value, or the whole input if nobody has looked at it yet.
  struct Cursor {
    JsonValue value;
    bool is_input = false;
  };
  /// It gives false after an error.
  using Sink = FunctionRef<bool(Cursor)>;

  bool each(std::uint32_t index, Cursor in, Sink sink);
  bool each_single(const NativeNode& node, Cursor in, Sink sink);
  bool each_path(const NativeNode& node, Cursor in, Sink sink);
  bool each_item(JsonValue container, Sink sink);
  bool each_compared(const NativeNode& node, Cursor in, Sink sink);
  bool each_logic(const NativeNode& node, Cursor in, Sink sink);
  bool each_alternative(const NativeNode& node, Cursor in, Sink sink);
  bool each_attempt(const NativeNode& node, Cursor in, Sink sink);
  bool each_array(const NativeNode& node, Cursor in, Sink sink);
  bool each_object(const NativeNode& node, Cursor in, Sink sink);
  bool each_member(const NativeNode& node, std::size_t member, std::size_t first, Cursor in, Sink sink);
  bool give_object(const NativeNode& node, std::size_t first, Sink sink);

  bool single(std::uint32_t index, Cursor in, Cursor& out);
  bool step(const NativeNode& node, Cursor from, Cursor& out);
  bool compared(const NativeNode& node, Cursor left, Cursor right);
  bool look(const NativeNode& node, JsonValue value, Cursor& out);
  bool look_at_text(const NativeNode& node, JsonValue value, Cursor& out);
  bool count(JsonValue value, Cursor& out);

  JsonValue value_of(const Cursor& cursor) { return cursor.is_input ? input_->whole() : cursor.value; }
  bool is_truthy(const Cursor& cursor) { return value_of(cursor).truthy(); }
  bool fail(std::string message);
  bool append(JsonBuilder& builder, JsonValue value);
  JsonBuilder& take_builder();
  void give_back_builder() noexcept { --scratch_.used; }

  const NativeTree& tree_;
  Input* input_;
  NativeProgram::Scratch& scratch_;
  std::string error_;
  bool failed_ = false;
};

}  // namespace leat::pipelines
