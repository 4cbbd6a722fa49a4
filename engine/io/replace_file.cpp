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

constexpr mode_t kModeBits = 07777;

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

// The room is there before the old content goes: what a file has is more than what fits no more.
int make_room(int fd, std::size_t size) noexcept {
  struct stat status {};
  if (size == 0 || ::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  const int failed = ::posix_fallocate(fd, 0, static_cast<off_t>(size));
  if (failed == ENOSPC || failed == EDQUOT || failed == EFBIG) {
    const bool is_undone = ::ftruncate(fd, status.st_size) == 0;
    return is_undone ? failed : errno;
  }
  return 0;
}

int write_in_place(const std::string& path, std::string_view content, mode_t mode) noexcept {
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, mode));
  if (!fd) return errno;
  if (const int failed = make_room(fd.get(), content.size()); failed != 0) return failed;
  if (const int failed = write_all(fd.get(), content); failed != 0) return failed;
  const bool is_cut = ::ftruncate(fd.get(), static_cast<off_t>(content.size())) == 0 || errno == EINVAL;
  if (!is_cut) return errno;  // (a FIFO or a device has no size)
  return ::close(fd.release()) == 0 ? 0 : errno;
}

int write_whole(const Fd& fd, std::string_view content, mode_t mode) noexcept {
  if (::fchmod(fd.get(), mode) != 0) return errno;
  if (const int failed = write_all(fd.get(), content); failed != 0) return failed;
  const bool synced = ::fsync(fd.get()) == 0 || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP;
  return synced ? 0 : errno;
}

// Whether a file may be written to although its folder takes no second one, or no other in its place.
bool allows_in_place(int error_number) noexcept {
  switch (error_number) {
    case EACCES:
    case EPERM:
    case EROFS:
    case ENAMETOOLONG:
    case EBUSY:  // it is a mount point, as files in containers are
      return true;
    default:
      return false;
  }
}

// 0, or errno.
int write_beside(const std::string& target, std::string_view content, mode_t mode) noexcept {
  std::string made = target + ".XXXXXX";
  const Fd fd(::mkostemp(made.data(), O_CLOEXEC));
  if (!fd) return errno;
  int failed = write_whole(fd, content, mode);
  if (failed == 0 && ::rename(made.c_str(), target.c_str()) != 0) failed = errno;
  if (failed != 0) ::unlink(made.c_str());
  return failed;
}

}  // namespace

Status replace_file(const std::string& path, std::string_view content, mode_t mode) {
  const std::string target = resolved(path);
  struct stat old {};
  const bool is_there = ::stat(target.c_str(), &old) == 0;
  if (is_there) mode = old.st_mode & kModeBits;
  const bool is_file = !is_there || S_ISREG(old.st_mode);
  int failed = is_file ? write_beside(target, content, mode) : EBUSY;
  if (allows_in_place(failed)) failed = write_in_place(target, content, mode);
  return failed == 0 ? std::nullopt : Status(file_failure(failed, "write", path));
}

}  // namespace leat::io
