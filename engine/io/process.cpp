#include "engine/io/process.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/async/event.hpp"
#include "engine/async/uv_handle.hpp"
#include "engine/async/wait_for.hpp"
#include "engine/io/file_error.hpp"
#include "engine/io/spawn.hpp"

namespace leat::io {

std::string ExitStatus::text() const {
  if (signal == 0) return fmt::format("exit status {}", code);
  return fmt::format("signal {} ({})", signal, ::strsignal(signal));
}

/// Reaps the process when a SIGCHLD says that one of ours has ended.
struct Process::Child {
  async::UvHandle<uv_signal_t> watcher;
  async::Event ended;
  ExitStatus status;
  pid_t pid = -1;

  Status watch(async::EventLoop& loop) {
    auto handle = std::make_unique<uv_signal_t>();
    if (const int failed = uv_signal_init(loop.uv(), handle.get()); failed != 0)
      return file_failure(-failed, "watch", "child processes");
    watcher.reset(handle.release());
    watcher->data = this;
    const int failed = uv_signal_start(watcher.get(), &Child::on_signal, SIGCHLD);
    return failed == 0 ? std::nullopt : Status(file_failure(-failed, "watch", "child processes"));
  }

  static void on_signal(uv_signal_t* watcher, int /*number*/) {
    if (auto* self = static_cast<Child*>(watcher->data); self != nullptr) self->reap();
  }

  void reap() {
    int how = 0;
    if (pid < 0 || ended.is_set() || ::waitpid(pid, &how, WNOHANG) != pid) return;
    status.code = WIFEXITED(how) ? WEXITSTATUS(how) : 0;
    status.signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
    ended.set();
    uv_signal_stop(watcher.get());
  }
};

namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const auto& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// The child's ends of the pipes, which stay open until it has started, and our ends. They are pipes because
/// socketpairs can't be opened again as /dev/stdin and /dev/stdout.
struct Streams {
  PipeEnds input;
  PipeEnds output;
  PipeEnds errors;
  std::vector<int> in_child;  // what 0, 1, 2, … are to be

  Status open(const Command& command) {
    Result<PipeEnds> made = make_pipe();
    if (!made) return made.error();
    output = std::move(*made);
    if (command.feed) {
      if (made = make_pipe(); !made) return made.error();
      input = std::move(*made);
    }
    if (command.errors == ErrorOutput::pipe) {
      if (made = make_pipe(); !made) return made.error();
      errors = std::move(*made);
    }
    constexpr int kNothing = -1;
    in_child.push_back(command.feed ? input.read.get() : kNothing);
    in_child.push_back(output.write.get());
    in_child.push_back(command.errors == ErrorOutput::inherit ? STDERR_FILENO
                       : command.errors == ErrorOutput::pipe  ? errors.write.get()
                                                              : kNothing);
    in_child.insert(in_child.end(), command.more_fds.begin(), command.more_fds.end());
    return std::nullopt;
  }
};

}  // namespace

Process::Process(std::unique_ptr<Child> child) noexcept : child_(std::move(child)), pid_(child_->pid) {}

Result<std::unique_ptr<Process>> Process::start(async::EventLoop& loop, const Command& command) {
  Streams streams;
  if (auto error = streams.open(command)) return std::move(*error);
  auto argv = pointers_to(command.argv);
  auto environment = pointers_to(command.environment.value_or(std::vector<std::string>()));
  SpawnRequest request;
  request.argv = argv.data();
  request.environment = command.environment ? environment.data() : nullptr;
  request.descriptors = streams.in_child;

  auto child = std::make_unique<Child>();
  if (auto error = child->watch(loop)) return std::move(*error);
  auto pid = spawn(request);
  if (!pid) return std::move(pid.error());
  child->pid = *pid;
  std::unique_ptr<Process> process(new Process(std::move(child)));
  process->output_ = std::make_unique<PipeReader>(loop, std::move(streams.output.read));
  if (command.feed) process->input_ = std::make_unique<PipeWriter>(loop, std::move(streams.input.write));
  if (command.errors == ErrorOutput::pipe) {
    process->errors_ = std::make_unique<PipeReader>(loop, std::move(streams.errors.read));
  }
  return process;
}

Process::~Process() {
  if (ended()) return;
  signal(SIGKILL);
  child_->watcher.reset();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool Process::ended() const noexcept { return child_->ended.is_set(); }

void Process::signal(int number) const noexcept {
  if (!ended()) ::kill(-pid_, number);
}

async::Task<ExitStatus> Process::wait() {
  co_await child_->ended.wait();
  co_return child_->status;
}

async::Task<ExitStatus> Process::stop(async::Duration grace) {
  const async::CancelShield shield;
  signal(SIGTERM);
  if (!ended()) {
    try {
      auto waiting = async::wait_for(wait(), grace);
      co_await std::move(waiting);
    } catch (const async::TimeoutError&) {
      signal(SIGKILL);
    }
  }
  co_await child_->ended.wait();
  // This ends what is left of its group. Process ids come round far too slowly for this one to be another's
  // already.
  ::kill(-pid_, SIGKILL);
  co_return child_->status;
}

}  // namespace leat::io
