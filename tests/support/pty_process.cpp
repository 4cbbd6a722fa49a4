#include "tests/support/pty_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace leat::tests {

namespace {

constexpr int kLimit = 30'000;  // milliseconds

winsize size_of(unsigned short columns, unsigned short rows) {
  winsize size{};
  size.ws_col = columns;
  size.ws_row = rows;
  return size;
}

[[noreturn]] void become(const std::vector<std::string>& argv, const Terminal& terminal) {
  ::signal(SIGPIPE, SIG_DFL);
  ::unsetenv("NO_COLOR");
  ::unsetenv("TERM");
  if (!terminal.term.empty()) ::setenv("TERM", terminal.term.c_str(), 1);
  for (const auto& variable : terminal.environment) {
    const auto equals = variable.find('=');
    ::setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
  }
  if (!terminal.output_too) ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
  std::vector<char*> words;
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

}  // namespace

PtyProcess::PtyProcess(const std::vector<std::string>& argv, const Terminal& terminal) {
  const winsize size = size_of(terminal.columns, terminal.rows);
  pid_ = ::forkpty(&master_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("forkpty");
  if (pid_ == 0) become(argv, terminal);
}

PtyProcess::~PtyProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(master_);
}

bool PtyProcess::pump() {
  pollfd ready{master_, POLLIN, 0};
  if (::poll(&ready, 1, kLimit) != 1) return false;
  std::array<char, 65536> buffer{};
  const ssize_t got =
      ::read(master_, buffer.data(), buffer.size());  // EIO once nobody has the other end open
  if (got <= 0) return false;
  written_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

bool PtyProcess::wait_for(const std::string& words, std::size_t from) {
  while (written_.find(words, from) == std::string::npos) {
    if (!pump()) return false;
  }
  return true;
}

void PtyProcess::type(const std::string& text) const {
  if (::write(master_, text.data(), text.size()) < 0) throw std::runtime_error("the terminal takes nothing");
}

void PtyProcess::resize(unsigned short columns, unsigned short rows) const {
  const winsize size = size_of(columns, rows);
  ::ioctl(master_, TIOCSWINSZ, &size);
}

void PtyProcess::signal_job(int number) const {
  const std::string pid = std::to_string(pid_);
  std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
  pid_t job = 0;
  if (!(children >> job)) throw std::runtime_error("the program has no child");
  ::kill(job, number);
}

int PtyProcess::wait() {
  while (pump()) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::vector<std::string> as_job(const std::vector<std::string>& command, int stopped_seconds) {
  std::vector<std::string> words{"bash", "--norc", "-m", "-c",
                                 "\"$0\" \"$@\"; echo; echo stopped; sleep " +
                                     std::to_string(stopped_seconds) + "; fg >/dev/null; echo ended with $?"};
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

std::vector<std::string> screen_after(const std::string& written) {
  std::vector<std::string> lines(1);
  std::size_t row = 0;
  std::size_t column = 0;
  for (std::size_t at = 0; at < written.size(); ++at) {
    const char c = written[at];
    if (c == '\r') {
      column = 0;
    } else if (c == '\n') {
      if (++row == lines.size()) lines.emplace_back();
    } else if (c == '\x1b') {
      const auto end = written.find_first_not_of("0123456789;", at + 2);
      if (end == std::string::npos) break;
      const int number = std::atoi(written.c_str() + at + 2);
      if (written[end] == 'A') row -= std::min(row, static_cast<std::size_t>(std::max(number, 1)));
      if (written[end] == 'K' || written[end] == 'J') lines[row].resize(std::min(lines[row].size(), column));
      if (written[end] == 'J') lines.resize(row + 1);
      at = end;
    } else {
      if (lines[row].size() <= column) lines[row].resize(column + 1, ' ');
      lines[row][column++] = c;
    }
  }
  for (auto& line : lines) line.erase(line.find_last_not_of(' ') + 1);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace leat::tests
