#include "cli/bench/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/text/printable.hpp"

namespace leat::cli {

OutputFile::~OutputFile() {
  if (fd_ >= 0) close(fd_);
}

Error OutputFile::fault(int error_number) const {
  return Error(Errc::file_error, fmt::format("{}: {}", what_, std::strerror(error_number)));
}

Status OutputFile::open(std::string_view option, const std::string& file) {
  if (file.empty()) return std::nullopt;
  what_ = fmt::format("{}: {}", option, text::in_quotes(file));
  fd_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  return fd_ < 0 ? Status(fault(errno)) : std::nullopt;
}

Status OutputFile::write(std::string_view text) {
  if (fd_ < 0) return std::nullopt;
  // A pipe or a device can't be truncated, and doesn't have to be.
  if (ftruncate(fd_, 0) != 0 && errno != EINVAL) return fault(errno);
  while (!text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fault(errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return close(std::exchange(fd_, -1)) == 0 ? std::nullopt : Status(fault(errno));
}

}  // namespace leat::cli
