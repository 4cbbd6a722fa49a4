#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/bound.hpp"

namespace leat::pipelines {

/// Whether the argument's text is a jq program.
[[nodiscard]] bool is_program(const BoundArg& arg) noexcept;

/// The plan that a checked spec means, blocks included. Every signature in it is that of a StageRow.
[[nodiscard]] Plan bind_plan(const BoundPipeline& pipeline);

/// The values of all secret:NAME in it, those in templates included, also as the templates' filters write
/// them.
[[nodiscard]] std::vector<std::string> secrets_of(const BoundPipeline& pipeline);

/// The first argument that has a secret written into the spec, such as `fetch bearer=`: what leat check hides
/// of it, or the userinfo of a URL. Nothing if all secrets come from outside.
[[nodiscard]] std::optional<std::string> written_secret(const BoundPipeline& pipeline);

}  // namespace leat::pipelines
