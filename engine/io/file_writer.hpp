#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::io {

/// A file that comes to stand under its final name only when it is whole: bytes go to `NAME.part` beside it,
/// `commit` renames. Destroyed uncommitted, it leaves no file behind unless `keep_part` was called.
///
/// Confined: the path is relative to a base directory, and no component of it may be "..", absolute or a
/// symbolic link (openat with O_NOFOLLOW, component by component); missing directories are made. Calls block
/// for as long as the file system does (a page-cache copy: measured cheaper than a pool job). Errors:
/// disk_full for ENOSPC and EDQUOT, name_refused for what confinement forbids, file_exists if the target is
/// there and `replace` is false, file_error for the rest, with the path and the system's words in the
/// message. EINTR and short writes are handled. One thread at a time.
class FileWriter {
 public:
  FileWriter() noexcept = default;
  FileWriter(FileWriter&& other) noexcept;
  FileWriter& operator=(FileWriter&& other) noexcept;
  ~FileWriter();

  /// Opens `base/path.part` afresh (truncating what an earlier run left). `base` is made if it is missing.
  static Result<FileWriter> create(const std::string& base, const std::string& path);

  Status write(std::string_view bytes);
  /// Starts over: empties the .part.
  Status rewind();
  /// Renames the .part to its final name, atomically. With `replace` false it fails with file_exists rather
  /// than replace anything (linkat or renameat2 RENAME_NOREPLACE).
  Status commit(bool replace);
  void keep_part() noexcept;

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }

 private:
  int directory_ = -1;  // of the target
  int fd_ = -1;
  std::string path_;  // as messages name it
  std::string name_;  // the target's, inside directory_
  std::uint64_t size_ = 0;
  bool keep_part_ = false;
};

/// Whether a regular file stands at base/path, looked up under the same confinement.
[[nodiscard]] Result<bool> file_exists(const std::string& base, const std::string& path);

}  // namespace leat::io
