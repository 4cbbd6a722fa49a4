#pragma once

#include <span>

#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/includes.hpp"
#include "pipelines/spec/scope.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// Makes typed stages of a tree: it looks up stages and variables, splices in what is included, and reads and
/// checks every argument, also in blocks.
///
/// - The first stage is a source, and no other is; in a block there is none. A sink can only be last.
/// - A pipeline that ends without a sink ends in `write json`. So does a block, unless its row says
///   `open_end`: there a sink is an error.
/// - Positional values fill the positional rows in their order; the last of these takes all that is left if
///   it is repeatable. A key is given only once if its row is not repeatable.
/// - A file that is included in the place of a stage stands for its stages; its lets are seen only in that
///   file. One that is included before the first stage gives its lets and none of its stages.
///
/// The result makes sense only if no fault was reported.
[[nodiscard]] BoundPipeline bind(const ast::Pipeline& tree, std::span<const Signature> signatures,
                                 Variables& variables, Includes& includes, FaultList& faults);

}  // namespace leat::pipelines
