#pragma once

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

/// What all servers that tests start do at their start.
namespace leat::service {

inline void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Makes the kernel send the signal when the thread that started this process ends. `parent` is what
/// getppid() said at first.
inline void exit_with_parent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) std::exit(EXIT_SUCCESS);  // the parent ended before the call
}

/// A reader sees either no file or the complete one.
inline void write_port_file(const std::string& path, std::uint16_t port) {
  const std::string temporary = path + ".tmp";
  std::FILE* file = std::fopen(temporary.c_str(), "we");
  const bool written = file != nullptr && std::fprintf(file, "%u\n", unsigned{port}) > 0;
  const bool closed = file != nullptr && std::fclose(file) == 0;
  if (!written || !closed || std::rename(temporary.c_str(), path.c_str()) != 0) {
    throw std::runtime_error("can't write " + path);
  }
}

}  // namespace leat::service
