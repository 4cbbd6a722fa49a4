#pragma once

#include "tests/support/process.hpp"

namespace leat::tests {

/// Whether `unshare -m COMMAND` gives a command mounts of its own here, which takes root. If not, tests of
/// full disks and of files of the system are left out.
inline bool has_private_mounts() { return run_process({"unshare", "-m", "true"}).status == 0; }

}  // namespace leat::tests
