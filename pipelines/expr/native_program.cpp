#include "pipelines/expr/native_program.hpp"

#include "pipelines/expr/native_evaluation.hpp"
#include "pipelines/expr/native_names.hpp"
#include "pipelines/expr/native_node.hpp"

namespace leat::pipelines {

NativeProgram::NativeProgram(std::shared_ptr<const NativeTree> tree)
    : tree_(std::move(tree)), names_(names_in(*tree_)) {}

std::optional<NativeProgram> NativeProgram::compile(std::string_view text) {
  auto tree = parse_native(text);
  if (!tree) return std::nullopt;
  return NativeProgram(std::make_shared<const NativeTree>(std::move(*tree)));
}

Status NativeProgram::run(Input& input, Scratch& scratch, Output output) const {
  return NativeEvaluation(*tree_, &input, scratch).run(std::nullopt, output);
}

Status NativeProgram::run(JsonValue input, Scratch& scratch, Output output) const {
  return NativeEvaluation(*tree_, nullptr, scratch).run(input, output);
}

}  // namespace leat::pipelines
