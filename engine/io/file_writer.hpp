#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/io/confined_path.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/part_note.hpp"

namespace leat::io {

/// How much of a file is there already.
struct Standing {
  bool file = false;     // a regular one under its name
  bool nothing = false;  // nothing whatever, nor a note beside its .part
  bool note = false;     // beside its .part
};

/// A file that comes to stand under its final name only when it is whole: bytes go to `NAME.part` beside it,
/// `commit` renames. Destroyed uncommitted, it leaves no file behind unless `keep_part` was called.
///
/// Confined: see BaseDirectory. What stands at the target may be a file or nothing; a symbolic link is
/// refused with name_refused, a directory with file_error. Names that end in ".part" or ".part.resume" are
/// refused with name_refused: they are kept for unfinished files, else "x.part" finished and "x" unfinished
/// would be one file. Where these would be over 255 bytes, the part is NAME cut short, with a hash.
///
/// A .part left by an earlier run is emptied and used again, or gone on with by `resume` if a note stands
/// beside it: `NAME.part.resume`, written by `write_note`. Refused is one that is a symbolic link or has
/// several names (name_refused) or is no regular file (file_error). The note goes before anything else may
/// happen to the .part, so none is ever beside bytes that it isn't about. The .part is held by flock while it
/// is written, so that a second writer of the same target, of this process or of another one, fails with
/// file_exists.
///
/// What is replaced hands on its mode. Calls block for as long as the file system does (a page-cache copy:
/// measured cheaper than a pool job). Nothing is synced unless the owner does: a killed process leaves no
/// torn file, a power cut may. Errors: those named above, file_exists if the target is there and `replace` is
/// false, and file_failure's; each with the path and the system's words. EINTR and short writes are handled.
/// SIGXFSZ must be ignored where a file-size limit may be set. One thread at a time.
class FileWriter {
 public:
  FileWriter() noexcept = default;
  FileWriter(FileWriter&& other) noexcept = default;
  FileWriter& operator=(FileWriter&& other) noexcept;
  ~FileWriter();

  /// Opens `base/path.part` afresh. `base` and the directories of `path` are made if they are missing. Of
  /// what `look_at` has found to be nothing nothing is looked for again; whatever has come there meanwhile is
  /// still not written through, nor replaced unless the commit is to replace.
  static Result<FileWriter> create(const BaseDirectory& base, const std::string& path, Standing known = {});
  /// Opens the .part that is there to write on at its end, if its note is of that source; nothing if there is
  /// none such, or if somebody else is writing it. Makes and empties nothing.
  static Result<std::optional<FileWriter>> resume(const BaseDirectory& base, const std::string& path,
                                                  std::string_view source);

  Status write(std::string_view bytes);
  /// Starts over: empties the .part, its note gone.
  Status rewind();
  /// Writes beside the .part what it is; replaced at once if it is there, never half.
  Status write_note(const PartNote& note);
  [[nodiscard]] bool has_note() const noexcept { return noted_; }
  /// What `resume` found.
  [[nodiscard]] const PartNote& note() const noexcept { return note_; }
  /// Reads what is in the .part from `offset` on, at most `size` bytes; fewer only at its end.
  Result<std::string> read_back(std::uint64_t offset, std::size_t size) const;
  /// Renames the .part to its final name, atomically. With `replace` false it fails with file_exists rather
  /// than replace anything. After a failure it is still open, and may be committed again.
  Status commit(bool replace);
  /// The same under a name that was not known before: `base/path`, on the same file system.
  Status commit_as(const BaseDirectory& base, const std::string& path, bool replace);

  /// Is called before the commit. What the file system can't keep is left out.
  void set_modified(std::time_t time) noexcept;
  void set_etag(const std::string& etag) noexcept;
  /// For syncing from another thread: the .part before the commit, the directory after it.
  [[nodiscard]] Result<Fd> part_to_sync() const;
  [[nodiscard]] Result<Fd> directory_to_sync() const;
  void keep_part(bool keep = true) noexcept { keep_part_ = keep; }

  /// Bytes in the .part: written since the start or the last rewind, and before, if it was resumed.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(fd_); }
  /// The path as messages name it.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  static Result<FileWriter> aim(const BaseDirectory& base, const std::string& path,
                                MissingDirectories missing, Standing known = {});
  Status refuse_target(Standing known) const;
  Status open_part(Standing known);
  Status adopt_part(Fd fd);
  Status lock_part(const Fd& fd) const;
  bool adopt_noted(std::string_view source);
  [[nodiscard]] std::string note_name() const;
  [[nodiscard]] std::optional<PartNote> read_note() const;
  void drop_note() noexcept;
  Status check_stored() const;
  Status rename_part(const FileWriter& target, bool replace) const;
  Status target_exists() const;
  void discard() noexcept;

  [[nodiscard]] int directory() const noexcept { return directory_->get(); }

  DirectoryRef directory_;  // of the target
  Fd fd_;
  Fd note_fd_;
  PartNote note_;
  std::string path_;  // as messages name it
  std::string name_;  // the target's, inside directory_
  std::string part_;  // the .part's, inside directory_
  std::uint64_t size_ = 0;
  bool noted_ = false;  // a note may stand beside the .part
  bool keep_part_ = false;
};

/// Which version a file is, as its attributes tell: its size, when it was last modified, and the ETag that
/// `set_etag` put there (user.leat.etag, on file systems that have such: ext4, xfs, btrfs, tmpfs from
/// Linux 6.6 on).
struct FileVersion {
  std::time_t modified = 0;
  std::uint64_t size = 0;
  std::string etag;
};
[[nodiscard]] Result<FileVersion> version_of(const BaseDirectory& base, const std::string& path);

/// Looked up under the same confinement. Makes no directory.
[[nodiscard]] Result<Standing> look_at(const BaseDirectory& base, const std::string& path);

}  // namespace leat::io
