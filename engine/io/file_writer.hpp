#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/io/fd.hpp"

namespace leat::io {

/// A file that comes to stand under its final name only when it is whole: bytes go to `NAME.part` beside it,
/// `commit` renames. Destroyed uncommitted, it leaves no file behind unless `keep_part` was called.
///
/// Confined: see open_parent. What stands at the target may be a file or nothing; a symbolic link is refused
/// with name_refused, a directory with file_error. Names that end in ".part" are refused with name_refused:
/// they are kept for unfinished files, else "x.part" finished and "x" unfinished would be one file. Where
/// NAME.part would be over 255 bytes, the part is NAME cut short, with a hash.
///
/// A .part left by an earlier run is emptied and used again, unless it is a symbolic link or has several
/// names (name_refused) or is no regular file (file_error). The .part is held by flock while it is written,
/// so that a second writer of the same target, of this process or of another one, fails with file_exists.
///
/// Calls block for as long as the file system does (a page-cache copy: measured cheaper than a pool job).
/// Nothing is synced: a killed process leaves no torn file, a power cut may. Errors: those named above,
/// file_exists if the target is there and `replace` is false, and file_failure's; each with the path and the
/// system's words. EINTR and short writes are handled. SIGXFSZ must be ignored where a file-size limit may be
/// set. One thread at a time.
class FileWriter {
 public:
  FileWriter() noexcept = default;
  FileWriter(FileWriter&& other) noexcept = default;
  FileWriter& operator=(FileWriter&& other) noexcept;
  ~FileWriter();

  /// Opens `base/path.part` afresh. `base` and the directories of `path` are made if they are missing.
  static Result<FileWriter> create(const std::string& base, const std::string& path);

  Status write(std::string_view bytes);
  /// Starts over: empties the .part.
  Status rewind();
  /// Renames the .part to its final name, atomically. With `replace` false it fails with file_exists rather
  /// than replace anything. After a failure it is still open, and may be committed again.
  Status commit(bool replace);
  void keep_part() noexcept { keep_part_ = true; }

  /// Bytes written since the start or the last rewind.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(fd_); }

 private:
  Status refuse_target() const;
  Status open_part();
  Status adopt_part(Fd fd);
  Status rename_part(bool replace) const;
  Status target_exists() const;
  void discard() noexcept;

  Fd directory_;  // of the target
  Fd fd_;
  std::string path_;  // as messages name it
  std::string name_;  // the target's, inside directory_
  std::string part_;  // the .part's, inside directory_
  std::uint64_t size_ = 0;
  bool keep_part_ = false;
};

/// Whether a regular file stands at base/path, looked up under the same confinement. Makes no directory.
[[nodiscard]] Result<bool> file_exists(const std::string& base, const std::string& path);

}  // namespace leat::io
