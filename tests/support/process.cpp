#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace leat::tests {

namespace {

using Clock = std::chrono::steady_clock;

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  return ends;
}

}  // namespace

Process::Process(std::vector<std::string> argv) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto in = make_pipe();
  const auto out = make_pipe();
  const auto err = make_pipe();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> words;
  for (auto& word : argv) words.push_back(word.data());
  words.push_back(nullptr);
  const int status = posix_spawnp(&pid_, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  for (const int fd : {in[0], out[1], err[1]}) ::close(fd);
  input_ = in[1];
  output_ = out[0];
  error_ = err[0];
  if (status != 0) throw std::runtime_error("can't start " + argv[0]);
}

Process::~Process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  for (int* fd : {&input_, &output_, &error_}) close_end(*fd);
}

void Process::close_end(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

void Process::write(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = ::write(input_, text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

void Process::close_input() { close_end(input_); }
void Process::close_output() { close_end(output_); }
void Process::signal(int number) const { ::kill(pid_, number); }

// Reads what both outputs have. False once both have ended or the time is over.
bool Process::pump(Clock::time_point deadline) {
  std::array<pollfd, 2> fds{pollfd{output_, POLLIN, 0}, pollfd{error_, POLLIN, 0}};
  if (output_ < 0 && error_ < 0) return false;
  if (::poll(fds.data(), fds.size(), milliseconds_until(deadline)) <= 0) return errno == EINTR;
  std::array<char, 65536> buffer{};
  for (std::size_t i = 0; i < fds.size(); ++i) {
    if (fds[i].revents == 0) continue;
    const ssize_t n = ::read(fds[i].fd, buffer.data(), buffer.size());
    if (n > 0) {
      (i == 0 ? out_ : err_).append(buffer.data(), static_cast<std::size_t>(n));
    } else if (n == 0) {
      close_end(i == 0 ? output_ : error_);
    }
  }
  return true;
}

std::optional<std::string> Process::read_line(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    if (const auto end = out_.find('\n'); end != std::string::npos) {
      std::string line = out_.substr(0, end);
      out_.erase(0, end + 1);
      return line;
    }
    if (output_ < 0 || Clock::now() >= deadline || !pump(deadline)) return std::nullopt;
  }
}

bool Process::wait_for_error(const std::string& words) {
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  while (err_.find(words) == std::string::npos) {
    if (Clock::now() >= deadline || !pump(deadline)) return false;
  }
  return true;
}

Finished Process::wait(std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (Clock::now() < deadline && pump(deadline)) {
  }
  Finished finished;
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(pid_, &status, WNOHANG)) == 0 && Clock::now() < deadline) ::usleep(1000);
  if (ended != pid_) throw std::runtime_error("the program did not end in time");
  pid_ = -1;
  finished.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  finished.out = std::move(out_);
  finished.err = std::move(err_);
  return finished;
}

Finished run_process(std::vector<std::string> argv, const std::string& input) {
  Process process(std::move(argv));
  process.write(input);
  process.close_input();
  return process.wait();
}

Finished run_leat(std::vector<std::string> arguments, const std::string& input) {
  arguments.insert(arguments.begin(), LEAT_BINARY);
  return run_process(std::move(arguments), input);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace leat::tests
