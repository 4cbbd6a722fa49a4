#include "engine/io/process.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <uv.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/async/event.hpp"
#include "engine/async/uv_handle.hpp"
#include "engine/async/wait_for.hpp"
#include "engine/io/file_error.hpp"

namespace leat::io {

std::string ExitStatus::text() const {
  if (signal == 0) return fmt::format("exit status {}", code);
  return fmt::format("signal {} ({})", signal, ::strsignal(signal));
}

struct Process::Child {
  async::EventLoop* loop = nullptr;
  async::UvHandle<uv_process_t> handle;
  async::Event ended;
  ExitStatus status;

  static void on_exit(uv_process_t* process, std::int64_t code, int signal) {
    auto* self = static_cast<Child*>(process->data);
    if (self == nullptr) return;
    self->status.code = static_cast<int>(code);
    self->status.signal = signal;
    self->ended.set();
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

uv_stdio_container_t inherited(int fd) {
  uv_stdio_container_t container{};
  container.flags = UV_INHERIT_FD;
  container.data.fd = fd;
  return container;
}

uv_stdio_container_t nothing() {
  uv_stdio_container_t container{};
  container.flags = UV_IGNORE;
  return container;
}

/// The child's ends of the pipes, which stay open until it has started, and our ends. They are pipes because
/// the socketpairs that libuv would make can't be opened again as /dev/stdin and /dev/stdout.
struct Streams {
  PipeEnds input;
  PipeEnds output;
  PipeEnds errors;
  std::vector<uv_stdio_container_t> containers;

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
    containers.push_back(command.feed ? inherited(input.read.get()) : nothing());
    containers.push_back(inherited(output.write.get()));
    containers.push_back(command.errors == ErrorOutput::inherit ? inherited(STDERR_FILENO)
                         : command.errors == ErrorOutput::pipe  ? inherited(errors.write.get())
                                                                : nothing());
    for (const int fd : command.more_fds) containers.push_back(inherited(fd));
    return std::nullopt;
  }
};

}  // namespace

Process::Process(std::unique_ptr<Child> child) noexcept
    : child_(std::move(child)), pid_(child_->handle->pid) {}

Result<std::unique_ptr<Process>> Process::start(async::EventLoop& loop, const Command& command) {
  Streams streams;
  if (auto error = streams.open(command)) return std::move(*error);
  auto argv = pointers_to(command.argv);
  auto environment = pointers_to(command.environment.value_or(std::vector<std::string>()));
  uv_process_options_t options{};
  options.file = argv[0];
  options.args = argv.data();
  options.env = command.environment ? environment.data() : nullptr;
  options.flags = UV_PROCESS_DETACHED;
  options.stdio = streams.containers.data();
  options.stdio_count = static_cast<int>(streams.containers.size());
  options.exit_cb = &Child::on_exit;

  auto child = std::make_unique<Child>();
  child->loop = &loop;
  child->handle.reset(new uv_process_t{});
  child->handle->data = child.get();
  if (const int status = uv_spawn(loop.uv(), child->handle.get(), &options); status != 0) {
    Error error = file_failure(-status, "run", command.argv[0]);
    error.retryable = error.retryable || status == UV_EAGAIN || status == UV_ENOMEM;
    return error;
  }
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
  child_->handle.reset();  // from here on libuv doesn't reap it
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
