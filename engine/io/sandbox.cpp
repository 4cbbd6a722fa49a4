#include "engine/io/sandbox.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace leat::io {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;  // another machine's calls have other numbers: none are filtered
#endif

// What computing takes: memory, reading and writing, clocks, and ending well or ill.
constexpr long kAllowed[] = {
    SYS_read,
    SYS_write,
    SYS_readv,
    SYS_writev,
    SYS_close,
    SYS_fstat,
    SYS_lseek,
    SYS_brk,
    SYS_mmap,
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_mprotect,
    SYS_futex,
    SYS_sched_yield,
    SYS_getrandom,
    SYS_getpid,
    SYS_gettid,
    SYS_gettimeofday,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_setitimer,
    SYS_rt_sigreturn,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_sigaltstack,
    SYS_getrusage,
    SYS_clock_nanosleep,
    SYS_restart_syscall,
    SYS_exit,
    SYS_exit_group,
#ifdef SYS_time
    SYS_time,
#endif
};
constexpr std::size_t kNumAllowed = std::size(kAllowed);

// A call by a number that the machine's other architecture gives it is none of these.
bool filter_system_calls() noexcept {
  if (kArchitecture == 0) return false;
  constexpr std::uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;
  std::array<sock_filter, kNumAllowed + 10> code{};
  std::size_t size = 0;
  const auto add = [&](sock_filter step) { code.at(size++) = step; };
  const auto load = [&](std::size_t offset) {
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  };
  load(offsetof(seccomp_data, arch));
  add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
  add(BPF_STMT(BPF_RET | BPF_K, kRefuse));
  load(offsetof(seccomp_data, nr));
  for (std::size_t i = 0; i < kNumAllowed; ++i) {
    const auto to_allow = static_cast<std::uint8_t>(kNumAllowed - i + 4);
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(kAllowed[i]), to_allow, 0));
  }
  // abort(3) sends a signal to its own process, and to no other. (Both machines have the low half first.)
  add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 1, 0));
  add(BPF_STMT(BPF_RET | BPF_K, kRefuse));
  load(offsetof(seccomp_data, args));
  add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(::getpid()), 1, 0));
  add(BPF_STMT(BPF_RET | BPF_K, kRefuse));
  add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog program{static_cast<unsigned short>(size), code.data()};
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

// As <linux/landlock.h> of Linux 6.12 has it; older kernels take it as long as what they don't know is 0.
struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scope = 0;
};

constexpr std::uint64_t first_bits(int count) noexcept { return (std::uint64_t{1} << count) - 1; }

// All that a kernel's version of landlock can forbid, with no exception.
Ruleset all_of(long version) noexcept {
  Ruleset all;
  all.files = first_bits(version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13);
  if (version >= 4) all.network = first_bits(2);
  if (version >= 6) all.scope = first_bits(2);
  return all;
}

bool forbid_by_landlock() noexcept {
  constexpr unsigned kAskVersion = 1;
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (version < 1) return false;
  const Ruleset all = all_of(version);
  const long rules = ::syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
  if (rules < 0) return false;
  const bool done = ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  ::close(static_cast<int>(rules));
  return done;
}

// localtime(3) looks at the file again each time, unless TZ names it.
void keep_time_zone() noexcept {
  ::setenv("TZ", ":/etc/localtime", 0);
  ::tzset();
}

}  // namespace

Sandbox enter_sandbox() noexcept {
  keep_time_zone();
  Sandbox sandbox;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return sandbox;
  sandbox.landlock = forbid_by_landlock();
  sandbox.system_calls = filter_system_calls();
  return sandbox;
}

}  // namespace leat::io
