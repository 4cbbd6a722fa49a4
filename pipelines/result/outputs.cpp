#include "pipelines/result/outputs.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace leat::pipelines {

namespace {

Error write_error(const std::string& path) {
  Error error(Errc::file_error, "can't write \"" + path + "\": " + std::strerror(errno));
  error.os_errno = errno;
  return error;
}

bool has_bytes(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
}

// A process that is killed may leave half a line. The record of that line is done again.
bool drop_half_line(int fd) {
  std::array<char, 4096> block{};
  for (off_t end = ::lseek(fd, 0, SEEK_END); end > 0;) {
    const off_t start = end > static_cast<off_t>(block.size()) ? end - static_cast<off_t>(block.size()) : 0;
    const ssize_t count = ::pread(fd, block.data(), static_cast<std::size_t>(end - start), start);
    if (count <= 0) return false;
    const std::string_view text(block.data(), static_cast<std::size_t>(count));
    const auto newline = text.rfind('\n');
    if (newline != std::string_view::npos)
      return ::ftruncate(fd, start + static_cast<off_t>(newline) + 1) == 0;
    end = start;
  }
  return ::ftruncate(fd, 0) == 0;
}

}  // namespace

Result<io::OutputWriter*> Outputs::open(const std::string& path, mode_t mode) {
  if (const auto found = targets_.find(path); found != targets_.end()) return found->second.writer.get();
  Target target;
  int fd = standard_output_;
  if (path != "-") {
    const int how = goes_on_ ? O_RDWR | O_APPEND : O_WRONLY | O_TRUNC;
    target.file = io::Fd(::open(path.c_str(), how | O_CREAT | O_CLOEXEC, mode));
    if (!target.file) return write_error(path);
    fd = target.file.get();
    if (goes_on_ && has_bytes(fd) && !drop_half_line(fd)) return write_error(path);
  }
  target.has_lines = goes_on_ && has_bytes(fd);
  target.writer = std::make_unique<io::OutputWriter>(loop_, fd);
  return targets_.emplace(path, std::move(target)).first->second.writer.get();
}

io::OutputWriter* Outputs::find(const std::string& path) const {
  const auto found = targets_.find(path);
  return found == targets_.end() ? nullptr : found->second.writer.get();
}

io::OutputWriter* Outputs::adopt(const std::string& path, io::Fd file) {
  Target target;
  target.file = std::move(file);
  target.writer = std::make_unique<io::OutputWriter>(loop_, target.file.get());
  return targets_.emplace(path, std::move(target)).first->second.writer.get();
}

bool Outputs::has_lines(const std::string& path) const {
  const auto found = targets_.find(path);
  return found != targets_.end() && found->second.has_lines;
}

Error output_error(const std::string& path, int number) {
  const bool full = number == ENOSPC || number == EDQUOT;
  const std::string what = path == "-" ? "the results" : "\"" + path + "\"";
  return Error(full ? Errc::disk_full : Errc::file_error,
               "can't write " + what + ": " + std::strerror(number));
}

}  // namespace leat::pipelines
