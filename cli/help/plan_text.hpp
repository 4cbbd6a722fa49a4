#pragma once

#include <string>

#include "pipelines/spec/bound.hpp"

namespace leat::cli {

/// A checked spec as a table for people: its stages, blocks below theirs, with their arguments, how many
/// records each works on at once, what it buffers, which stages share a task, what holds bodies in memory,
/// and what programs and templates look at. No secrets; the same for a spec from a file and from an argument.
[[nodiscard]] std::string plan_text(const pipelines::BoundPipeline& pipeline);

/// `leat help STAGE`: what a stage is for, its arguments, an example. Empty if there is no such stage.
[[nodiscard]] std::string stage_help(std::string_view name);

/// The names of all stages, a kind a line, for `leat help`.
[[nodiscard]] std::string stage_list();

}  // namespace leat::cli
