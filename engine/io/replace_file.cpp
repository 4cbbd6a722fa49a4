#include "engine/io/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "engine/io/fd.hpp"
#include "engine/io/file_error.hpp"

namespace leat::io {

namespace {

constexpr mode_t kModeBits = 0777;

struct Free {
  void operator()(char* text) const noexcept { std::free(text); }
};

// Where the links end; the path itself if nothing is there.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, Free> real(::realpath(path.c_str(), nullptr));
  return real ? std::string(real.get()) : path;
}

// 0, or errno.
int write_all(int fd, std::string_view content) noexcept {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 ? errno : ENOSPC;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

int write_in_place(const std::string& path, std::string_view content, mode_t mode) noexcept {
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, mode));
  if (!fd) return errno;
  if (const int failed = write_all(fd.get(), content); failed != 0) return failed;
  return ::close(fd.release()) == 0 ? 0 : errno;
}

int write_whole(const Fd& fd, std::string_view content, mode_t mode) noexcept {
  if (::fchmod(fd.get(), mode) != 0) return errno;
  if (const int failed = write_all(fd.get(), content); failed != 0) return failed;
  const bool synced = ::fsync(fd.get()) == 0 || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP;
  return synced ? 0 : errno;
}

}  // namespace

Status replace_file(const std::string& path, std::string_view content, mode_t mode) {
  const std::string target = resolved(path);
  struct stat old {};
  const bool is_there = ::stat(target.c_str(), &old) == 0;
  std::string made = target + ".XXXXXX";
  Fd fd;
  if (!is_there || S_ISREG(old.st_mode)) fd = Fd(::mkostemp(made.data(), O_CLOEXEC));
  if (!fd) {
    const int failed = write_in_place(target, content, mode);
    return failed == 0 ? std::nullopt : Status(file_failure(failed, "write", path));
  }
  int failed = write_whole(fd, content, is_there ? old.st_mode & kModeBits : mode);
  if (failed == 0 && ::rename(made.c_str(), target.c_str()) != 0) failed = errno;
  if (failed == 0) return std::nullopt;
  ::unlink(made.c_str());
  return file_failure(failed, "write", path);
}

}  // namespace leat::io
