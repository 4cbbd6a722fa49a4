#pragma once

#include <cstddef>
#include <cstdint>

#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::pipelines {

/// A spec's text as a tree. Where there are faults, what could be understood around them.
struct ParsedSpec {
  ast::Pipeline tree;
  std::size_t steps = 0;  // characters looked at
};

/// Parses one of the texts, by the grammar
///
///     pipeline = { "let" name "=" value ";" | "include" file ";" } stage { "|" stage }
///     stage    = name { arg } | "include" file      arg = [ key "=" ] value
///     value    = word | "text" | ( jq program ) | { pipeline }
///
/// A spec of lets alone is one too. Knows no stages. Takes time and memory linear in the text, which is at
/// most kMaxSpec long, has at most kMaxStages stages, and blocks at most Lexer::kMaxDepth deep.
[[nodiscard]] ParsedSpec parse_spec(const SourceTexts& sources, std::uint32_t source, FaultList& faults);

inline constexpr std::size_t kMaxSpec = 1u << 20;
inline constexpr std::size_t kMaxStages = 10'000;

}  // namespace leat::pipelines
