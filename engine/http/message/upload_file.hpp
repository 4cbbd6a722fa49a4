#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/error.hpp"

namespace leat::http {

/// A file that is sent as a request's body. It is read while it is sent, and again from its start for another
/// hop or attempt. The file must not change meanwhile. One thread at a time.
class UploadFile {
 public:
  UploadFile() = default;
  UploadFile(const UploadFile&) = delete;
  UploadFile& operator=(const UploadFile&) = delete;
  ~UploadFile();

  /// Gives file_error if it is no regular file or can't be read.
  [[nodiscard]] Status open(const std::string& path);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Reads the next bytes. Gives how many there were, 0 at the end of the file, -1 if they can't be read.
  [[nodiscard]] std::ptrdiff_t read(char* buffer, std::size_t size) noexcept;
  void seek(std::uint64_t position) noexcept { position_ = position; }

 private:
  int fd_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace leat::http
