// Each attempt is made by a process of its own that has entered the sandbox, and says by a pipe what it got.
#include "engine/io/sandbox.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <set>
#include <string>
#include <vector>

#include "engine/io/pipe.hpp"
#include "tests/engine/io/kernel.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using leat::io::Sandbox;
using leat::tests::TempDir;

namespace {

constexpr std::uint32_t kNotThere = SECCOMP_RET_ERRNO | ENOSYS;

std::string folder;  // where the attempts look for a file

std::string in_folder(const char* name) { return folder + "/" + name; }

struct Attempt {
  const char* what;
  bool (*gets_through)();
};

const std::vector<Attempt> kFiles{
    {"open", [] { return ::open(in_folder("old").c_str(), O_RDONLY) >= 0; }},
    {"create", [] { return ::open(in_folder("new").c_str(), O_WRONLY | O_CREAT, 0600) >= 0; }},
    {"remove", [] { return ::unlink(in_folder("old").c_str()) == 0; }},
    {"make a folder", [] { return ::mkdir(in_folder("sub").c_str(), 0700) == 0; }},
    {"make a FIFO", [] { return ::mkfifo(in_folder("fifo").c_str(), 0600) == 0; }},
    {"link", [] { return ::symlink("/etc/passwd", in_folder("link").c_str()) == 0; }},
    {"list", [] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY) >= 0; }},
    {"run a program", [] { return ::execl("/bin/true", "/bin/true", nullptr) != -1; }},
};

const std::vector<Attempt> kOthers{
    {"look at a file", [] { return ::access(in_folder("old").c_str(), F_OK) == 0; }},
    {"a socket of TCP", [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }},
    {"a socket of UDP", [] { return ::socket(AF_INET6, SOCK_DGRAM, 0) >= 0; }},
    {"a local socket", [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }},
    {"another process",
     [] {
       const long pid = ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
       if (pid == 0) ::_exit(0);
       return pid > 0;
     }},
    {"a signal to another process", [] { return ::kill(::getppid(), 0) == 0 || ::kill(1, 0) == 0; }},
    {"a signal to a thread of another process",
     [] { return ::syscall(SYS_tgkill, 1, 1, 0) == 0 || ::syscall(SYS_tkill, ::getpid(), 0) == 0; }},
    {"being traced", [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }},
    {"another's memory",
     [] {
       char byte = 0;
       const iovec mine{&byte, 1};
       return ::syscall(SYS_process_vm_readv, ::getpid(), &mine, 1, &mine, 1, 0) >= 0;
     }},
    {"a file in memory", [] { return ::memfd_create("x", 0) >= 0; }},
    {"a namespace", [] { return ::unshare(CLONE_NEWUSER) == 0; }},
    {"a mount", [] { return ::mount("tmpfs", folder.c_str(), "tmpfs", 0, nullptr) == 0; }},
    {"another limit",
     [] {
       const rlimit none{0, 0};
       return ::setrlimit(RLIMIT_NOFILE, &none) == 0;
     }},
    {"io_uring", [] { return ::syscall(SYS_io_uring_setup, 1, nullptr) >= 0 || errno == EFAULT; }},
#ifdef __x86_64__
    {"a call by its number in the x32 ABI",
     [] { return ::syscall(0x40000000 | SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0; }},
#endif
};

/// What became of a process: what it wrote, and how it ended.
struct Ended {
  std::string said;
  int status = 0;
};

template <class Act>
Ended in_a_process(Act act) {
  auto pipe = io::make_pipe();
  REQUIRE(pipe.ok());
  const pid_t pid = ::fork();
  if (pid == 0) {
    const std::string text = act();
    static_cast<void>(!::write((*pipe).write.get(), text.data(), text.size()));
    ::_exit(0);
  }
  REQUIRE(pid > 0);
  (*pipe).write.reset();
  Ended ended;
  char piece[4096];
  for (ssize_t got = 0; (got = ::read((*pipe).read.get(), piece, sizeof piece)) > 0;) {
    ended.said.append(piece, static_cast<std::size_t>(got));
  }
  REQUIRE(::waitpid(pid, &ended.status, 0) == pid);
  return ended;
}

/// The attempts that got through, after whether each of the two means was there: "landlock seccomp: open".
std::string attempts_in_sandbox(const std::vector<Attempt>& attempts, long missing_call = -1) {
  const auto ended = in_a_process([&] {
    if (missing_call >= 0 && test::filter_calls(static_cast<std::uint32_t>(missing_call), kNotThere) != 0)
      return std::string("not permitted");
    const Sandbox sandbox = io::enter_sandbox();
    std::string said = sandbox.landlock ? "landlock " : "";
    said += sandbox.system_calls ? "seccomp:" : ":";
    for (const auto& attempt : attempts) {
      if (attempt.gets_through()) said += std::string(" ") + attempt.what;
    }
    return said;
  });
  CHECK(WIFEXITED(ended.status));
  return ended.said;
}

/// A folder with a file in it, that the attempts are to find.
class Folder {
 public:
  Folder() {
    tests::write_file(dir_ / "old", "text");
    folder = dir_.path();
  }
  [[nodiscard]] bool is_untouched() const { return dir_.names() == std::set<std::string>{"old"}; }

 private:
  TempDir dir_;
};

std::string local_time() {
  const std::time_t when = 1'700'000'000;
  char text[64];
  const std::tm* local = std::localtime(&when);
  return std::string(text, std::strftime(text, sizeof text, "%F %T %Z", local));
}

}  // namespace

TEST_CASE("enter_sandbox: what is in it has no way to files, to the network or to other processes") {
  const Folder files;
  auto all = kFiles;
  all.insert(all.end(), kOthers.begin(), kOthers.end());
  const std::string said = attempts_in_sandbox(all);
  CHECK(said.ends_with("seccomp:"));
  CHECK(files.is_untouched());
}

TEST_CASE("enter_sandbox: a kernel without landlock forbids the same by its system calls") {
  const Folder files;
  auto all = kFiles;
  all.insert(all.end(), kOthers.begin(), kOthers.end());
  const std::string said = attempts_in_sandbox(all, SYS_landlock_create_ruleset);
  if (said != "not permitted") CHECK(said == "seccomp:");
  CHECK(files.is_untouched());
}

TEST_CASE("enter_sandbox: a kernel without seccomp still forbids files") {
  const Folder files;
  const std::string said = attempts_in_sandbox(kFiles, SYS_seccomp);
  if (said == "not permitted" || said.starts_with(":")) {
    MESSAGE("no landlock here: not tested");
    return;
  }
  CHECK(said == "landlock :");
  CHECK(files.is_untouched());
}

TEST_CASE("enter_sandbox: the same attempts get through outside of it") {
  const Folder files;
  const auto ended = in_a_process([] {
    std::string said;
    for (const auto& attempt : {kFiles[0], kFiles[1], kOthers[0], kOthers[1], kOthers[4]}) {
      if (attempt.gets_through()) said += std::string(" ") + attempt.what;
    }
    return said;
  });
  CHECK(ended.said == " open create look at a file a socket of TCP another process");
}

TEST_CASE("enter_sandbox: memory, clocks, signals of its own and what is open go on as before") {
  const std::string here = in_a_process([] { return local_time(); }).said;
  const auto ended = in_a_process([] {
    io::enter_sandbox();
    std::string said = local_time();
    const std::vector<char> large(std::size_t{64} << 20, 'x');
    said += large.back();
    void* mapped = ::mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped != MAP_FAILED && ::munmap(mapped, 1 << 20) == 0) said += "m";
    timespec now{};
    if (::clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec > 0) said += "c";
    return said;
  });
  CHECK(ended.said == here + "xmc");
  const auto aborted = in_a_process([]() -> std::string {
    ::signal(SIGABRT, SIG_DFL);  // the test's own
    io::enter_sandbox();
    std::abort();
  });
  REQUIRE(WIFSIGNALED(aborted.status));
  CHECK(WTERMSIG(aborted.status) == SIGABRT);
}
