#pragma once

#include <span>

namespace leat::cli {

/// Overwrites, in the process's own argument vector, the values that must not be seen by others: `ps` and
/// /proc/PID/cmdline show that memory to every user. As curl does it, the values of -u, -U, --oauth2-bearer,
/// --pass, of -H where its name is one of credentials, and of all other options whose row says that they are
/// secret; user and password of URLs; in a spec what its secret arguments are given, and the values of --set.
/// Whoever reads the arguments must have copied them before.
void blank_secrets(std::span<char*> argv) noexcept;

}  // namespace leat::cli
