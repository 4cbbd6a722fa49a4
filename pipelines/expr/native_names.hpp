#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipelines/expr/native_node.hpp"

namespace leat::pipelines {

/// The fields of its input that a program looks at, each once; nothing if it takes the input whole anywhere.
[[nodiscard]] std::optional<std::vector<std::string>> names_in(const NativeTree& tree);

}  // namespace leat::pipelines
