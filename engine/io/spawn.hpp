#pragma once

#include <sys/types.h>

#include <span>

#include "engine/error.hpp"

namespace leat::io {

/// What a new process is made of. Everything is borrowed until it has started.
struct SpawnRequest {
  char* const* argv = nullptr;         // ends with null; argv[0] is searched for in PATH
  char* const* environment = nullptr;  // ends with null; null stands for that of this process
  std::span<const int> descriptors;    // 16 at most; 0, 1, 2, … in the child; -1 stands for /dev/null
};

/// Starts a process that leads a session of its own, with all signals at their defaults and unblocked, and
/// with no descriptors but those. It is killed when the thread that calls this ends (PR_SET_PDEATHSIG),
/// however that comes about, so that nothing it does outlives us: that is what libuv's uv_spawn can't be
/// told, nor to leave out descriptors that we have inherited ourselves. Whoever calls it reaps the process.
///
/// Gives file_error with os_errno (ENOENT, EACCES, E2BIG, …) if it can't be started; it is retryable when the
/// system is short of descriptors or processes. Blocks until the program is loaded, about a millisecond.
[[nodiscard]] Result<pid_t> spawn(const SpawnRequest& request);

}  // namespace leat::io
