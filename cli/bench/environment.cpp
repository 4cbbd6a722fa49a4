#include "cli/bench/environment.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>

#include <ctime>
#include <fstream>

#include "cli/terminal/version.hpp"
#include "engine/version.hpp"

namespace leat::cli {

namespace {

// Architectures have different names for it in /proc/cpuinfo; those without a name show none.
std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name") && !line.starts_with("Model")) continue;
    const auto colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

unsigned usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(CPU_COUNT(&set)) : 0;
}

}  // namespace

Environment environment_now() {
  Environment here;
  utsname system{};
  if (uname(&system) == 0) {
    here.machine = system.machine;
    here.kernel = fmt::format("{} {}", system.sysname, system.release);
  }
  here.cpu = cpu_model();
  here.cpus = usable_cpus();
  here.leat = leat_version();
  here.libraries = library_versions();
  here.started_at = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  return here;
}

}  // namespace leat::cli
