#include "cli/terminal/system.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "cli/terminal/secret_prompt.hpp"

namespace leat::cli {

namespace {

Error system_error() { return Error(Errc::file_error, std::strerror(errno)); }

/// A file that is opened for reading; standard input is left open.
class ReadOnly {
 public:
  explicit ReadOnly(const std::string& path)
      : owned_(path != "-"), fd_(owned_ ? open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO) {}
  ReadOnly(const ReadOnly&) = delete;
  ReadOnly& operator=(const ReadOnly&) = delete;
  ~ReadOnly() {
    if (owned_ && fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  bool owned_;
  int fd_;
};

}  // namespace

bool RealSystem::is_terminal(int fd) { return isatty(fd) == 1; }

bool RealSystem::is_directory(const std::string& path) {
  struct stat info = {};
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool RealSystem::is_same_file(const std::string& a, const std::string& b) {
  struct stat first = {};
  struct stat second = {};
  const auto look = [](const std::string& path, struct stat& info) {
    return (path == "-" ? fstat(STDIN_FILENO, &info) : stat(path.c_str(), &info)) == 0;
  };
  return look(a, first) && look(b, second) && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino && S_ISREG(first.st_mode);
}

Status RealSystem::check_readable(const std::string& path) {
  if (is_directory(path)) return Error(Errc::file_error, std::strerror(EISDIR));
  // A FIFO is not opened, since its writer would see a reader come and go.
  if (access(path.c_str(), R_OK) != 0) return system_error();
  return std::nullopt;
}

Result<std::string> RealSystem::read_file(const std::string& path) {
  constexpr std::size_t kMost = std::size_t{1} << 30;
  const ReadOnly file(path);
  if (file.fd() < 0) return system_error();
  std::string content;
  char piece[65536];
  for (;;) {
    const ssize_t got = read(file.fd(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error();
    if (got == 0) return content;
    content.append(piece, static_cast<std::size_t>(got));
    if (content.size() > kMost) return Error(Errc::file_error, "more than 1 GiB");
  }
}

std::optional<std::string> RealSystem::ask_secret(const std::string& prompt) {
  return ask_on_terminal(prompt);
}

std::string RealSystem::environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace leat::cli
