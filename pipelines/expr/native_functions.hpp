#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "pipelines/expr/json.hpp"
#include "pipelines/expr/json_builder.hpp"
#include "pipelines/expr/native_node.hpp"
#include "pipelines/expr/native_program.hpp"

namespace leat::pipelines {

/// The functions of a native program: each takes values and makes one, or fails with jq's message.
///
/// What they make stands in builders of the scratch, and is valid until those are given back. A result larger
/// than 2 GiB is a failure.
class NativeFunctions {
 protected:
  explicit NativeFunctions(NativeProgram::Scratch& scratch) noexcept : scratch_(scratch) {}

  /// They give false after a failure.
  bool call(const NativeNode& node, JsonValue in, JsonValue argument, JsonValue& out);
  bool sum(std::span<const JsonValue> values, JsonValue& out);

  bool fail(std::string message);
  bool append(JsonBuilder& builder, JsonValue value);
  bool fits(std::size_t bytes);
  /// Gives an object in which each key is once.
  JsonValue distinct(JsonValue value);
  JsonBuilder& take_builder();

  NativeProgram::Scratch& scratch_;
  std::string error_;
  bool failed_ = false;

 private:
  bool call_with(NativeFunction function, JsonValue in, JsonValue argument, JsonValue& out);
  bool length(JsonValue in, JsonValue& out);
  bool keys(JsonValue in, bool sorted, JsonValue& out);
  bool to_entries(JsonValue in, JsonValue& out);
  bool add_items(JsonValue in, JsonValue& out);
  bool add_numbers_of(std::span<const JsonValue> values, JsonValue& out);
  bool to_number(JsonValue in, JsonValue& out);
  bool change_case(JsonValue in, bool upper, JsonValue& out);
  bool row(JsonValue in, bool csv, JsonValue& out);
  bool encode(JsonValue in, JsonValue& out);
  bool test(const NativeNode& node, JsonValue in, JsonValue& out);
  bool has(JsonValue in, JsonValue key, JsonValue& out);
  bool split(JsonValue in, JsonValue by, JsonValue& out);
  bool join(JsonValue in, JsonValue with, JsonValue& out);
  bool trim(JsonValue in, JsonValue part, bool left, JsonValue& out);
  bool give_text(std::string_view text, JsonValue& out);
  bool give_number(std::string_view digits, JsonValue& out);
};

}  // namespace leat::pipelines
