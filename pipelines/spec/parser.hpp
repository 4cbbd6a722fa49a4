#pragma once

#include <cstddef>
#include <cstdint>

#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::pipelines {

/// A spec's text as a tree. If there are faults, it holds what could be understood around them.
struct ParsedSpec {
  ast::Pipeline tree;
  std::size_t steps = 0;  // the number of characters that were looked at
};

/// Parses one of the texts by this grammar:
///
///     pipeline = { "let" name "=" value ";" | "include" file ";" } stage { "|" stage }
///     stage    = name { arg } | "include" file      arg = [ key "=" ] value
///     value    = word | "text" | ( jq program ) | { pipeline }
///
/// A spec that consists only of lets is valid, too. The parser knows no stages. It takes time and memory
/// linear in the text, which has at most kMaxSpec bytes, at most kMaxStages stages, and blocks at most
/// Lexer::kMaxDepth deep.
[[nodiscard]] ParsedSpec parse_spec(const SourceTexts& sources, std::uint32_t source, FaultList& faults);

inline constexpr std::size_t kMaxSpec = 1u << 20;
inline constexpr std::size_t kMaxStages = 10'000;

}  // namespace leat::pipelines
