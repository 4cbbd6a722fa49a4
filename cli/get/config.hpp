#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "cli/options/options.hpp"
#include "cli/session/session.hpp"
#include "cli/terminal/system.hpp"
#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// What `leat get` is to do: every value checked, every default filled in, files of options read.
struct GetConfig {
  std::variant<pipelines::LinesArgs, pipelines::UrlsArgs, pipelines::JsonArgs, pipelines::CsvArgs,
               pipelines::Aria2Args>
      source;
  std::optional<pipelines::DedupeArgs> dedupe;
  pipelines::FetchArgs fetch;
  std::optional<pipelines::SaveArgs> save;
  std::optional<pipelines::ExecArgs> exec;
  std::optional<pipelines::OrderedArgs> ordered;
  pipelines::WriteArgs write;
  SessionConfig session{"get"};
};

/// The Error's message names the option, what was given unless that may be a secret, and what it takes.
[[nodiscard]] Result<GetConfig> validate(const GetOptions& options, System& system);

/// The pipeline that a `leat get` is.
[[nodiscard]] pipelines::Plan make_plan(const GetConfig& config);

}  // namespace leat::cli
