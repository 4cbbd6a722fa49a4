#pragma once

#include "cli/bench/report_config.hpp"
#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::cli {

/// What `leat bench` is to do: every value checked, every default filled in, files of options read.
struct BenchConfig {
  load::LoadPlan plan;
  ReportConfig report;
};

/// The Error's message names the option, what was given unless that may be a secret, and what it takes.
[[nodiscard]] Result<BenchConfig> read_bench_config(const Given& given, System& system);

/// `10s@100,30s@100..1000`: for how long, and at which rate, or from which to which. Nothing for anything
/// else.
[[nodiscard]] std::optional<std::vector<load::RateStage>> parse_stages(std::string_view text);

}  // namespace leat::cli
