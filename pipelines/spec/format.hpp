#pragma once

#include <string>

#include "pipelines/spec/ast.hpp"

namespace leat::pipelines {

/// Gives the canonical text of a tree that was parsed without a fault, without a newline at its end. Parsing
/// that text gives the same tree (but for spans), and formatting that tree the same text.
///
/// It is one line if it has no comments and fits kFormatWidth columns; else each let and each stage has a
/// line, and each stage but the first begins with `| `. Blocks are written in the same way, indented by four.
/// Words and the inside of `( … )` stay as they were written; blanks around a jq program without comments are
/// dropped. Comments stand on lines of their own before their stage, or behind it if they stood at its end.
[[nodiscard]] std::string format(const ast::Pipeline& tree);

inline constexpr std::size_t kFormatWidth = 100;

}  // namespace leat::pipelines
