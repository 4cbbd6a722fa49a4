#pragma once

#include "engine/load/load_result.hpp"

namespace leat::load {

/// Adds a run that came after others with the same targets and threads: its times follow theirs, as if there
/// had been one run.
void append(LoadResult& whole, const LoadResult& next);

}  // namespace leat::load
