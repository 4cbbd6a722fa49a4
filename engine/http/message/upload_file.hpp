#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/error.hpp"

namespace leat::http {

/// A file that is sent as a request's body: read as it is sent, and from its start again for another hop or
/// attempt. Must not change meanwhile. One thread at a time.
class UploadFile {
 public:
  UploadFile() = default;
  UploadFile(const UploadFile&) = delete;
  UploadFile& operator=(const UploadFile&) = delete;
  ~UploadFile();

  /// file_error for what is no regular file, or can't be read.
  [[nodiscard]] Status open(const std::string& path);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// The next bytes: how many, 0 at its end, -1 if they can't be read.
  [[nodiscard]] std::ptrdiff_t read(char* buffer, std::size_t size) noexcept;
  void seek(std::uint64_t position) noexcept { position_ = position; }

 private:
  int fd_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace leat::http
