#pragma once

#include "cli/get/get_spec.hpp"
#include "cli/options/given.hpp"
#include "cli/session/session.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// What `leat get` is to do: every value checked, every default filled in, files of options read.
struct GetConfig {
  GetSpec spec;
  pipelines::Plan plan;  // what the spec means
  SessionConfig session{"get"};
};

/// The Error's message names the option, what was given unless that may be a secret, and what it takes.
[[nodiscard]] Result<GetConfig> read_get_config(const Given& given, System& system);

}  // namespace leat::cli
