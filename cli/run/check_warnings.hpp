#pragma once

#include <string>

#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/source.hpp"

namespace leat::cli {

/// What is allowed in a spec but hardly meant, as `leat check` says it on standard error, each with its line
/// and a caret: a field that no record has, "=" for "==" in where, save without a name. Empty if there is
/// nothing of that kind. No secrets.
[[nodiscard]] std::string check_warnings(const pipelines::BoundPipeline& pipeline,
                                         const pipelines::SourceTexts& sources);

}  // namespace leat::cli
