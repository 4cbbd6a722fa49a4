#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipelines/expr/native_node.hpp"

namespace leat::pipelines {

/// Gives the fields of its input that a program looks at, each once; nothing if it takes the whole input
/// anywhere.
[[nodiscard]] std::optional<std::vector<std::string>> names_in(const NativeTree& tree);

}  // namespace leat::pipelines
