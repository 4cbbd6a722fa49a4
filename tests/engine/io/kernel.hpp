#pragma once

#include <doctest/doctest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/io/fd.hpp"

namespace leat::test {

/// Sets a limit of this process until the end of the scope.
class Limit {
 public:
  Limit(__rlimit_resource resource, rlim_t value) : resource_(resource) {
    ::getrlimit(resource, &old_);
    const rlimit now{value, old_.rlim_max};
    ::setrlimit(resource, &now);
  }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;
  ~Limit() { ::setrlimit(resource_, &old_); }

 private:
  __rlimit_resource resource_;
  rlimit old_{};
};

/// Makes the kernel do `action` whenever this thread makes one system call. Negative if that is not
/// permitted.
inline int filter_calls(std::uint32_t number, std::uint32_t action, unsigned flags = 0) {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{4, code};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
}

/// Waits for the next filtered call, which the kernel holds, and gives its id.
inline std::uint64_t next_call(const io::Fd& listener) {
  seccomp_notif call{};
  REQUIRE(::ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &call) == 0);
  return call.id;
}

inline void let_through(const io::Fd& listener, std::uint64_t call) {
  seccomp_notif_resp answer{};
  answer.id = call;
  answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  REQUIRE(::ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0);
}

/// Mounts a tmpfs of 64 KiB that only this thread sees and that disappears with it.
inline bool mount_small_disk(const std::string& path) {
  return ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=64k") == 0;
}

}  // namespace leat::test
