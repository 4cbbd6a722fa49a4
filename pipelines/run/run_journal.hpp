#pragma once

#include "pipelines/plan/plan.hpp"
#include "pipelines/state/journal.hpp"

namespace leat::pipelines {

/// How the journal of a plan that has a `state` is kept. A plan that saves only what has changed does its
/// list again once it was done whole; any other one never does a record again.
[[nodiscard]] JournalOptions journal_options(const Plan& plan);

}  // namespace leat::pipelines
