#pragma once

#include <string>

#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::cli {

/// What is allowed in a spec but hardly meant, as `leat check` says it on standard error, each with its line
/// and a caret: a field that no record has, or none at that place, "=" for "==" in where, save without a
/// name, a shell's variable in a text. Empty if there is nothing of that kind. No secrets.
[[nodiscard]] std::string check_warnings(const pipelines::BoundPipeline& pipeline,
                                         const pipelines::SourceTexts& sources);

}  // namespace leat::cli
