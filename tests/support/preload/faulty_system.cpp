// Preloaded into leat (LD_PRELOAD) by tests of what the machine does wrong. LEAT_TEST_EIO names the calls
// that fail with EIO, "write" or "fsync", on files with "damaged" in their path; LEAT_TEST_CLOCK_BACK is by
// how many seconds the wall clock is set back behind its first 20 readings; LEAT_TEST_EMFILE names the call
// that finds no descriptor left: "epoll_create1", "pipe2" or "eventfd".
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

namespace {

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool fails(const char* call, int fd) {
  const char* asked = std::getenv("LEAT_TEST_EIO");
  if (asked == nullptr || std::string_view(asked) != call) return false;
  std::array<char, 64> link{};
  std::array<char, 4096> path{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", fd);
  const int kept = errno;
  const ssize_t size = readlink(link.data(), path.data(), path.size());
  const bool damaged =
      size > 0 &&
      std::string_view(path.data(), static_cast<std::size_t>(size)).find("damaged") != std::string_view::npos;
  errno = damaged ? EIO : kept;
  return damaged;
}

long seconds_back() {
  static std::atomic<int> readings = 0;
  const char* asked = std::getenv("LEAT_TEST_CLOCK_BACK");
  return asked != nullptr && ++readings > 20 ? std::atol(asked) : 0;
}

bool finds_none(const char* call) {
  const char* asked = std::getenv("LEAT_TEST_EMFILE");
  if (asked == nullptr || std::string_view(asked) != call) return false;
  errno = EMFILE;
  return true;
}

}  // namespace

extern "C" {

int epoll_create1(int flags) noexcept {
  static auto* const call = real<int(int)>("epoll_create1");
  return finds_none("epoll_create1") ? -1 : call(flags);
}

int pipe2(int* ends, int flags) noexcept {
  static auto* const call = real<int(int*, int)>("pipe2");
  return finds_none("pipe2") ? -1 : call(ends, flags);
}

int eventfd(unsigned int count, int flags) noexcept {
  static auto* const call = real<int(unsigned int, int)>("eventfd");
  return finds_none("eventfd") ? -1 : call(count, flags);
}

ssize_t write(int fd, const void* bytes, std::size_t size) {
  static auto* const call = real<ssize_t(int, const void*, std::size_t)>("write");
  return fails("write", fd) ? -1 : call(fd, bytes, size);
}

int fsync(int fd) {
  static auto* const call = real<int(int)>("fsync");
  return fails("fsync", fd) ? -1 : call(fd);
}

int fdatasync(int fd) {
  static auto* const call = real<int(int)>("fdatasync");
  return fails("fsync", fd) ? -1 : call(fd);
}

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  static auto* const call = real<int(clockid_t, timespec*)>("clock_gettime");
  const int status = call(clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec -= seconds_back();
  return status;
}

int gettimeofday(timeval* now, void* zone) noexcept {
  static auto* const call = real<int(timeval*, void*)>("gettimeofday");
  const int status = call(now, zone);
  now->tv_sec -= seconds_back();
  return status;
}

}  // extern "C"
