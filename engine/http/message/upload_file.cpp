#include "engine/http/message/upload_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace leat::http {

UploadFile::~UploadFile() {
  if (fd_ >= 0) ::close(fd_);
}

Status UploadFile::open(const std::string& path) {
  fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a FIFO is refused, not waited for
  struct stat status {};
  const int failed = fd_ < 0 || ::fstat(fd_, &status) != 0 ? errno : 0;
  if (failed != 0) {
    Error error(Errc::file_error, "can't read " + path + ", which is to be sent: " + std::strerror(failed));
    error.os_errno = failed;
    return error;
  }
  if (!S_ISREG(status.st_mode)) {
    return Error(Errc::file_error, path + " is to be sent, and is no regular file");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
  return std::nullopt;
}

std::ptrdiff_t UploadFile::read(char* buffer, std::size_t size) noexcept {
  const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - position_));
  const ::ssize_t got = ::pread(fd_, buffer, wanted, static_cast<::off_t>(position_));
  if (got > 0) position_ += static_cast<std::uint64_t>(got);
  return got == 0 && wanted > 0 ? -1 : got;  // the file has become shorter meanwhile
}

}  // namespace leat::http
