#pragma once

#include <string>

namespace leat::cli {

/// Where and with what a benchmark ran.
struct Environment {
  std::string machine;  // architecture, such as x86_64
  std::string cpu;      // its model's name
  unsigned cpus = 0;    // the cores that this process may use
  std::string kernel;   // "Linux 6.1.0"
  std::string leat;
  std::string libraries;
  std::string started_at;  // 2026-01-02T03:04:05Z
};

/// The environment of this process, now.
[[nodiscard]] Environment environment_now();

}  // namespace leat::cli
