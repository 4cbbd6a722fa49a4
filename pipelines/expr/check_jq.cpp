#include "pipelines/expr/check_jq.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "engine/io/fd.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/expr/jq_library.hpp"
#include "pipelines/expr/jq_message.hpp"
#include "pipelines/expr/jq_nearest.hpp"
#include "pipelines/expr/jq_program.hpp"
#include "pipelines/expr/jq_refused.hpp"
#include "pipelines/expr/jq_tokens.hpp"
#include "pipelines/expr/json_number.hpp"

namespace leat::pipelines {

namespace {

constexpr rlim_t kMostSeconds = 10;  // seconds of CPU

// Finds a number in the program that libjq would change.
std::optional<TextFault> find_changed(const std::string& program) {
  if (JqProgram::keeps_digits()) return std::nullopt;
  for (const auto& token : jq_tokens(program)) {
    const auto text = std::string_view(program).substr(token.begin, token.end - token.begin);
    const auto first = text.size() > 1 && text.front() == '.' ? text[1] : text.front();
    const bool number = token.kind == JqTokenKind::symbol && text::is_digit(first);
    if (number && !fits_double(text)) return TextFault{token.begin, JqProgram::would_change(text)};
  }
  return std::nullopt;
}

/// Gives what the forked process says: nothing if all is well, else an offset and a message.
std::string compile_and_describe(const std::string& program) {
  auto compiled = JqProgram::compile(program);
  if (compiled) {
    const auto changed = find_changed(program);
    return changed ? std::to_string(changed->offset) + " " + changed->message : std::string();
  }
  const auto locate = [](const std::string& spread) {
    auto again = JqProgram::compile(spread);
    return again ? std::string() : again.error().message;
  };
  const TextFault fault = read_jq_message(program, compiled.error().message, locate);
  return std::to_string(fault.offset) + " " + fault.message + suggest_jq_function(fault.message);
}

void write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// The environment is empty, because libjq would load ~/.jq. Standard error goes nowhere, because libjq's
// assertions would write there.
[[noreturn]] void be_the_child(const std::string& program, int to) noexcept {
  for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGXCPU}) ::signal(number, SIG_DFL);
  const rlimit cpu{kMostSeconds, kMostSeconds};
  const rlimit core{0, 0};
  ::setrlimit(RLIMIT_CPU, &cpu);
  ::setrlimit(RLIMIT_CORE, &core);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ::dup2(nowhere, STDERR_FILENO);
  ::clearenv();
  write_all(to, compile_and_describe(program) + "\n");
  ::_exit(0);
}

/// One compilation in a child.
class Check {
 public:
  explicit Check(const std::string& program) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    from_ = io::Fd(ends[0]);
    io::Fd to(ends[1]);
    pid_ = ::fork();
    if (pid_ == 0) be_the_child(program, to.get());
  }
  Check(Check&& other) noexcept : from_(std::move(other.from_)), pid_(std::exchange(other.pid_, -1)) {}
  Check& operator=(Check&&) = delete;
  ~Check() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    reap();
  }

  std::optional<TextFault> result() {
    if (pid_ < 0) return TextFault{0, "can't be checked: there is no process or descriptor left"};
    const std::string said = read_all();
    const int status = reap();
    if (said.empty()) {
      const bool slow = WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
      return TextFault{0,
                       slow ? "needs more than 10s to be compiled by jq" : "jq itself fails on this program"};
    }
    if (said == "\n") return std::nullopt;
    const auto blank = said.find(' ');
    return TextFault{std::strtoull(said.c_str(), nullptr, 10),
                     said.substr(blank + 1, said.size() - blank - 2)};
  }

 private:
  [[nodiscard]] std::string read_all() const {
    std::string said;
    std::array<char, 4096> piece{};
    for (;;) {
      const ssize_t got = ::read(from_.get(), piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return said;
      said.append(piece.data(), static_cast<std::size_t>(got));
    }
  }
  int reap() noexcept {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

  io::Fd from_;
  pid_t pid_ = -1;
};

std::optional<TextFault> refuse_at_once(const std::string& program) {
  if (const auto nul = program.find('\0'); nul != std::string::npos)
    return TextFault{nul, "holds a NUL byte"};
  // libjq is loaded before the fork, so that each child has it already.
  if (const auto& fault = libjq().library.fault()) return TextFault{0, fault->message};
  return find_refused_in_jq(program);
}

}  // namespace

std::optional<TextFault> check_jq(const std::string& program) {
  if (auto fault = refuse_at_once(program)) return fault;
  return Check(program).result();
}

std::vector<std::optional<TextFault>> check_jq_programs(std::span<const std::string> programs) {
  std::vector<std::optional<TextFault>> faults(programs.size());
  std::deque<std::pair<std::size_t, Check>> running;
  const std::size_t at_once = std::max(1u, std::thread::hardware_concurrency());
  const auto finish_first = [&] {
    faults[running.front().first] = running.front().second.result();
    running.pop_front();
  };
  for (std::size_t i = 0; i < programs.size(); ++i) {
    faults[i] = refuse_at_once(programs[i]);
    if (faults[i]) continue;
    if (running.size() == at_once) finish_first();
    running.emplace_back(i, Check(programs[i]));
  }
  while (!running.empty()) finish_first();
  return faults;
}

}  // namespace leat::pipelines
