#pragma once

#include <string>
#include <string_view>

namespace leat::pipelines {

/// leat's first argument when it is started as the process of a JqWorker. It is not for users.
inline constexpr std::string_view kJqWorkerArgument = "--jq-worker";

/// Does the work of that process: answers the requests that come on `in` to `out` (see jq_wire.hpp) until
/// `in` ends, and gives the exit status. `base` is the JSON of the object that a kJqDifference refers to. The
/// process ends with its parent. Single-threaded. It changes the process's limits and environment, and enters
/// the sandbox (engine/io/sandbox.hpp) once what the programs need is loaded, before any request is read.
int run_jq_worker(int in, int out, const std::string& base);

}  // namespace leat::pipelines
