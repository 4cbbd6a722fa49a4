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
#include "engine/io/standing.hpp"

namespace leat::io {

/// A file that appears under its final name only when it is whole: bytes go to `NAME.part` beside it, and
/// `commit` renames that. If it is destroyed without a commit, it leaves no file behind unless `keep_part`
/// was called.
///
/// Paths are confined as BaseDirectory says. The target may be a file or nothing; a symbolic link is refused
/// with name_refused, a directory, device, FIFO or socket with file_error: none of these is ever replaced.
/// Names that end in ".part" or ".part.resume" are refused with name_refused, because they are kept for
/// unfinished files: else a finished "x.part" and an unfinished "x" would be the same file. If such a name
/// would be longer than 255 bytes, the .part is called NAME cut short and a hash.
///
/// A .part that an earlier run left is removed and made anew, or continued by `resume` if a note stands
/// beside it: `NAME.part.resume`, which `write_note` writes. It is refused if it is a symbolic link or has
/// several names (name_refused) or is no regular file (file_error). The note is removed before anything else
/// may happen to the .part, so a note never stands beside bytes that it isn't about. The .part is held by
/// flock while it is written; so a second writer of the same target, in this process or another, fails with
/// file_exists.
///
/// A file that replaces another gets its mode. Calls block for as long as the file system does; a copy into
/// the page cache was measured to be cheaper than a job on a thread pool. Nothing is synced unless the owner
/// does it: a killed process leaves no torn file, a power cut may. Errors: those named above, file_exists if
/// the target is there and `replace` is false, and those of file_failure; each has the path and the system's
/// words. EINTR and short writes are handled. SIGXFSZ must be ignored where a file-size limit may be set. One
/// thread at a time.
class FileWriter {
 public:
  FileWriter() noexcept = default;
  FileWriter(FileWriter&& other) noexcept = default;
  FileWriter& operator=(FileWriter&& other) noexcept;
  ~FileWriter();

  /// Opens `base/path.part` anew. `base` and the directories of `path` are made if they are missing. What
  /// `look_at` has found to be missing is not looked for again; if something has appeared there meanwhile, it
  /// is still not written through, and it is replaced only if the commit is to replace.
  static Result<FileWriter> create(const BaseDirectory& base, const std::string& path, Standing known = {});
  /// Opens the .part that is there to continue at its end, if its note is about that source. Gives nothing if
  /// there is no such note, or if somebody else is writing the .part. It neither makes nor empties anything.
  static Result<std::optional<FileWriter>> resume(const BaseDirectory& base, const std::string& path,
                                                  std::string_view source);

  Status write(std::string_view bytes);
  /// Starts over: removes the note and empties the .part.
  Status rewind();
  /// Writes the note beside the .part. A note that is there is replaced at once, never by halves.
  Status write_note(const PartNote& note);
  [[nodiscard]] bool has_note() const noexcept { return noted_; }
  /// Gives the note that `resume` found.
  [[nodiscard]] const PartNote& note() const noexcept { return note_; }
  /// Gives what is in the .part from `offset` on, at most `size` bytes, and fewer only at its end.
  Result<std::string> read_back(std::uint64_t offset, std::size_t size) const;
  /// Renames the .part to its final name, atomically. If `replace` is false, it fails with file_exists rather
  /// than replace anything. After a failure the file is still open and may be committed again.
  Status commit(bool replace);
  /// Does the same under a name that was not known before: `base/path`, which must be on the same file
  /// system.
  Status commit_as(const BaseDirectory& base, const std::string& path, bool replace);

  /// Call these before the commit. What the file system can't keep is left out.
  void set_modified(std::time_t time) noexcept;
  void set_etag(const std::string& etag) noexcept;
  /// Says where the file came from, in the caller's own words, see source_of.
  void set_source(const std::string& source) noexcept;
  /// Give what another thread is to sync: the .part before the commit, the directory after it.
  [[nodiscard]] Result<Fd> part_to_sync() const;
  [[nodiscard]] Result<Fd> directory_to_sync() const;
  void keep_part(bool keep = true) noexcept { keep_part_ = keep; }

  /// Gives the number of bytes in the .part: those written since the start or the last rewind and, if it was
  /// resumed, those that were there.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(fd_); }
  /// Gives the path as messages show it.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  static Result<FileWriter> aim(Result<DirectoryRef> parent, const BaseDirectory& base,
                                const std::string& path, Standing known = {});
  static Result<FileWriter> open_new(Result<DirectoryRef> parent, const BaseDirectory& base,
                                     const std::string& path, Standing known);
  Status refuse_target(Standing known) const;
  [[nodiscard]] Status special_refusal() const;
  Status open_part(Standing known);
  Status remove_stale_part();
  Status lock_part(const Fd& fd) const;
  bool adopt_noted(std::string_view source);
  [[nodiscard]] std::optional<PartNote> read_note() const;
  void drop_note() noexcept;
  Status check_stored() const;
  Status rename_part(const FileWriter& target, bool replace) const;
  Status target_exists() const;
  void discard() noexcept;

  [[nodiscard]] int directory() const noexcept { return directory_->get(); }

  DirectoryRef directory_;  // the one that holds the target
  Fd fd_;
  Fd note_fd_;
  PartNote note_;
  std::string path_;  // as messages show it
  std::string name_;  // the target's name inside directory_
  std::string part_;  // the .part's name inside directory_
  std::uint64_t size_ = 0;
  bool noted_ = false;  // a note may stand beside the .part
  bool keep_part_ = false;
};

}  // namespace leat::io
