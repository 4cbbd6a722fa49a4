#pragma once

#include <string>

#include "pipelines/spec/ast.hpp"

namespace leat::pipelines {

/// The canonical text of a tree that was parsed without a fault, without a newline at its end. To parse it
/// gives that tree again (but for spans), and to format that the same text.
///
/// One line, if it has no comments and fits kFormatWidth columns; else a let or a stage a line, each stage
/// but the first behind `| `. Blocks alike, indented by four. Words, and the inside of `( … )`, are as they
/// were written; blanks around a jq program without comments are dropped. Comments stand on lines of their
/// own before their stage, or behind it if they stood at its end.
[[nodiscard]] std::string format(const ast::Pipeline& tree);

inline constexpr std::size_t kFormatWidth = 100;

}  // namespace leat::pipelines
