#pragma once

#include <string>
#include <string_view>

namespace leat::pipelines {

/// leat's first argument when it is started to be a JqWorker's process. Not for people.
inline constexpr std::string_view kJqWorkerArgument = "--jq-worker";

/// What that process does: answers the requests that come on `in` to `out` (see jq_wire.hpp) until `in` ends;
/// its exit status. `base`: the JSON of the object that a kJqDifference is to. Ends with its parent.
/// Single-threaded; changes the process's limits and environment.
int run_jq_worker(int in, int out, const std::string& base);

}  // namespace leat::pipelines
