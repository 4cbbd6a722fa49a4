#include "engine/load/thread_use.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace leat::load {

async::Duration thread_cpu() noexcept {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  const auto time = [](const timeval& value) {
    return std::chrono::seconds(value.tv_sec) + std::chrono::microseconds(value.tv_usec);
  };
  return time(usage.ru_utime) + time(usage.ru_stime);
}

async::Duration thread_wait() noexcept {
  const int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::array<char, 96> text{};
  const ssize_t size = read(fd, text.data(), text.size() - 1);
  close(fd);
  unsigned long long ran = 0;
  unsigned long long waited = 0;
  if (size <= 0 || std::sscanf(text.data(), "%llu %llu", &ran, &waited) != 2) return {};
  return async::Duration(static_cast<std::int64_t>(waited));
}

double ratio(async::Duration part, async::Duration whole) noexcept {
  return whole.count() > 0 ? static_cast<double>(part.count()) / static_cast<double>(whole.count()) : 0;
}

}  // namespace leat::load
