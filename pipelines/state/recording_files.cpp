#include "pipelines/state/recording_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "engine/io/file_error.hpp"

namespace leat::pipelines {

Error damaged_recording(const std::string& path, std::string_view how) {
  return Error(Errc::file_error,
               fmt::format("the recording is damaged: '{}': {}; record it again", path, how));
}

Result<io::Fd> open_recording_file(const std::string& path) {
  io::Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd && errno == ENOENT) return fd;
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return io::file_failure(errno, "open", path);
  if (!S_ISREG(status.st_mode)) return damaged_recording(path, "it is no regular file");
  return fd;
}

Result<io::Fd> open_part(const std::string& directory, std::string& path) {
  std::string name = directory + "/XXXXXX.part";
  io::Fd fd(::mkostemps(name.data(), 5, O_CLOEXEC));
  if (!fd) return io::file_failure(errno, "make a file in", directory);
  path = std::move(name);
  return fd;
}

Status rename_part(const std::string& part, const std::string& path) {
  if (::rename(part.c_str(), path.c_str()) == 0) return std::nullopt;
  if (errno == ENOENT) {
    if (auto failed = make_recording_directory(path.substr(0, path.rfind('/')))) return failed;
    if (::rename(part.c_str(), path.c_str()) == 0) return std::nullopt;
  }
  return io::file_failure(errno, "write", path);
}

Status write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io::file_failure(errno, "write", path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

Status write_whole(const std::string& directory, const std::string& path, std::string_view bytes) {
  std::string part;
  auto fd = open_part(directory, part);
  if (!fd.ok()) return std::move(fd.error());
  auto failed = write_all((*fd).get(), bytes, part);
  if (!failed) failed = rename_part(part, path);
  if (failed) ::unlink(part.c_str());
  return failed;
}

Status make_recording_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return std::nullopt;
  return io::file_failure(errno, "make the directory", path);
}

}  // namespace leat::pipelines
