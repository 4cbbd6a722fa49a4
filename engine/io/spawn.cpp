#include "engine/io/spawn.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <utility>

#include "engine/io/fd.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/pipe.hpp"

namespace leat::io {

namespace {

// In the child only what is safe after a fork may be called: nothing that allocates, locks or throws.

[[noreturn]] void give_up(int report) noexcept {
  const int number = errno;
  static_cast<void>(!::write(report, &number, sizeof number));
  ::_exit(127);
}

void close_from(unsigned first) noexcept {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, first, UINT_MAX, 0U) == 0) return;
#endif
  struct rlimit limit {};
  const bool is_known = ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < INT_MAX;
  const int end = is_known ? static_cast<int>(limit.rlim_cur) : 65'536;
  for (int fd = static_cast<int>(first); fd < end; ++fd) ::close(fd);
}

void reset_signals() noexcept {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

constexpr std::size_t kMostDescriptors = 16;

// Those that stand in another's place are moved out of the way first. Gives the descriptor of the report.
int arrange(std::span<const int> wanted, int report) noexcept {
  const int count = static_cast<int>(wanted.size());
  report = ::fcntl(report, F_DUPFD_CLOEXEC, count + 1);
  if (report < 0) ::_exit(127);
  std::array<int, kMostDescriptors> from{};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    from[i] = wanted[i] >= 0 ? wanted[i] : ::open("/dev/null", i == 0 ? O_RDONLY : O_WRONLY);
    if (from[i] >= 0 && from[i] <= count) from[i] = ::fcntl(from[i], F_DUPFD, count + 1);
    if (from[i] < 0) give_up(report);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (::dup2(from[i], static_cast<int>(i)) < 0) give_up(report);
  }
  if (::dup3(report, count, O_CLOEXEC) < 0) give_up(report);
  return count;
}

[[noreturn]] void become(const SpawnRequest& request, int report, pid_t parent) noexcept {
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // it has gone before it could be asked
  report = arrange(request.descriptors, report);
  close_from(static_cast<unsigned>(report) + 1);
  reset_signals();
  if (request.environment != nullptr) {
    ::execvpe(request.argv[0], request.argv, request.environment);
  } else {
    ::execvp(request.argv[0], request.argv);
  }
  give_up(report);
}

Error failed_to_run(int number, const char* program) {
  Error error = file_failure(number, "run", program);
  error.retryable = error.retryable || number == EAGAIN || number == ENOMEM;
  return error;
}

// Waits for the program to be loaded: the pipe is closed then. Gives the errno if it can't be.
int read_report(const Fd& fd) noexcept {
  int number = 0;
  for (;;) {
    const ssize_t count = ::read(fd.get(), &number, sizeof number);
    if (count < 0 && errno == EINTR) continue;
    return count == static_cast<ssize_t>(sizeof number) ? number : 0;
  }
}

}  // namespace

Result<pid_t> spawn(const SpawnRequest& request) {
  if (request.descriptors.size() > kMostDescriptors) return failed_to_run(EINVAL, request.argv[0]);
  auto report = make_pipe();
  if (!report) return std::move(report.error());
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  const pid_t parent = ::getpid();
  // No handler of ours may run in the child.
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) become(request, (*report).write.get(), parent);
  const int failed = pid < 0 ? errno : 0;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (failed != 0) return failed_to_run(failed, request.argv[0]);
  (*report).write.reset();
  const int number = read_report((*report).read);
  if (number == 0) return pid;
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return failed_to_run(number, request.argv[0]);
}

}  // namespace leat::io
