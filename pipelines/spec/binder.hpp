#pragma once

#include <span>

#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/includes.hpp"
#include "pipelines/spec/scope.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// Makes typed stages of a tree: looks up stages and variables, splices what is included, reads and checks
/// every argument, in blocks too.
///
/// - The first stage is a source, and no other is; in a block none is. A sink stands last.
/// - A pipeline that ends without a sink ends in `write json`, and so does a block, but one whose row says
///   `open_end`: there a sink is an error.
/// - Positional values fill the positional rows in their order; the last of these takes all that is left, if
///   it is repeatable. A key is given once, if its row is not repeatable.
/// - A file included in the place of a stage stands for its stages; its lets are seen there alone. One
///   included before the first stage gives its lets, and none of its stages.
///
/// What it returns makes sense only if no fault was reported.
[[nodiscard]] BoundPipeline bind(const ast::Pipeline& tree, std::span<const Signature> signatures,
                                 Variables& variables, Includes& includes, FaultList& faults);

}  // namespace leat::pipelines
