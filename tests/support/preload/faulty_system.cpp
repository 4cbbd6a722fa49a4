// Tests of what the machine does wrong preload this into leat (LD_PRELOAD). LEAT_TEST_EIO names the calls
// that fail with EIO, "write" or "fsync", on files with "damaged" in their path. LEAT_TEST_CLOCK_BACK is the
// number of seconds by which the wall clock is set back after its first 20 readings. LEAT_TEST_EMFILE names
// the call that finds no descriptor left: "epoll_create1", "pipe2" or "eventfd". LEAT_TEST_RESOLVER is a
// file: names such as 127-0-1-5.outage.test are found, and are 127.0.1.5. While the file is there, the
// resolver is away: no name is found for the moment, and each look-up makes FILE.asked longer by one byte.
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
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

bool resolver_is_away(const std::string& file) {
  if (access(file.c_str(), F_OK) != 0) return false;
  const int fd = open((file + ".asked").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  static auto* const call = real<ssize_t(int, const void*, std::size_t)>("write");
  call(fd, ".", 1);
  close(fd);
  return true;
}

/// Gives "127.0.1.5" for "127-0-1-5.outage.test", and an empty text for other names.
std::string address_in(std::string_view name) {
  constexpr std::string_view kDomain = ".outage.test";
  if (!name.ends_with(kDomain)) return {};
  std::string address(name.substr(0, name.size() - kDomain.size()));
  std::ranges::replace(address, '-', '.');
  return address;
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

int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  static auto* const call = real<decltype(getaddrinfo)>("getaddrinfo");
  const char* file = std::getenv("LEAT_TEST_RESOLVER");
  const std::string address = file == nullptr || node == nullptr ? std::string() : address_in(node);
  if (address.empty()) return call(node, service, hints, result);
  return resolver_is_away(file) ? EAI_AGAIN : call(address.c_str(), service, hints, result);
}

}  // extern "C"
