#include "engine/io/file_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "engine/io/confined_path.hpp"
#include "engine/io/file_error.hpp"
#include "engine/text/ascii.hpp"

namespace leat::io {

namespace {

constexpr std::size_t kMaxNote = 8192;
constexpr mode_t kFileMode = 0666;
constexpr mode_t kModeBits = 0777;
// These never wait for the reader of a FIFO that somebody put there.
constexpr int kOpenSafely = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int kMakePart = O_RDWR | O_CREAT | O_EXCL | kOpenSafely;
constexpr int kOpenAttempts = 16;

bool is_kept_for_parts(std::string_view name) noexcept {
  if (name.ends_with(kNoteSuffix)) name.remove_suffix(kNoteSuffix.size());
  return name.ends_with(kPartSuffix);
}

// What is said of any name in a directory that was removed.
bool lacks_directory(const Error& error) noexcept { return error.os_errno == ENOENT; }

}  // namespace

FileWriter& FileWriter::operator=(FileWriter&& other) noexcept {
  discard();
  directory_ = std::move(other.directory_);
  fd_ = std::move(other.fd_);
  note_fd_ = std::move(other.note_fd_);
  note_ = std::move(other.note_);
  path_ = std::move(other.path_);
  name_ = std::move(other.name_);
  part_ = std::move(other.part_);
  size_ = other.size_;
  noted_ = other.noted_;
  keep_part_ = other.keep_part_;
  return *this;
}

FileWriter::~FileWriter() { discard(); }

// The note and the .part go while the lock is held, so that no other writer can have begun on the .part that
// is unlinked here. A .part that is kept is unlocked explicitly, because a child between fork and exec may
// have a copy of the descriptor.
void FileWriter::discard() noexcept {
  if (!fd_) return;
  if (keep_part_) {
    ::flock(fd_.get(), LOCK_UN);
  } else {
    drop_note();
    ::unlinkat(directory(), part_.c_str(), 0);
  }
  fd_.reset();
}

Result<FileWriter> FileWriter::aim(Result<DirectoryRef> parent, const BaseDirectory& base,
                                   const std::string& path, Standing known) {
  if (!parent) return std::move(parent.error());
  FileWriter writer;
  writer.directory_ = std::move(*parent);
  writer.path_ = joined_path(base.path(), path);
  writer.name_ = last_component(path);
  writer.part_ = part_name(writer.name_);
  if (!writer.directory_) return writer;
  if (auto refused = writer.refuse_target(known)) return std::move(*refused);
  return writer;
}

Result<FileWriter> FileWriter::open_new(Result<DirectoryRef> parent, const BaseDirectory& base,
                                        const std::string& path, Standing known) {
  auto writer = aim(std::move(parent), base, path, known);
  if (!writer) return writer;
  if (auto failed = writer->open_part(known)) return std::move(*failed);
  return writer;
}

Result<FileWriter> FileWriter::create(const BaseDirectory& base, const std::string& path, Standing known) {
  auto writer = open_new(base.recent_parent_of(path, MissingDirectories::make), base, path, known);
  if (writer || !lacks_directory(writer.error())) return writer;
  return open_new(base.parent_of(path, MissingDirectories::make), base, path, known);
}

Result<std::optional<FileWriter>> FileWriter::resume(const BaseDirectory& base, const std::string& path,
                                                     std::string_view source) {
  auto writer = aim(base.parent_of(path, MissingDirectories::leave), base, path);
  if (!writer) return std::move(writer.error());
  if (!(*writer).directory_ || !(*writer).adopt_noted(source)) return std::optional<FileWriter>();
  return std::optional<FileWriter>(std::move(*writer));
}

// If something is in the way, this gives false and `create` says what it is.
bool FileWriter::adopt_noted(std::string_view source) {
  auto note = read_note();
  if (!note || note->source != source) return false;
  Fd fd(::openat(directory(), part_.c_str(), O_RDWR | kOpenSafely));
  struct stat status {};
  if (!fd || lock_part(fd) || ::fstat(fd.get(), &status) != 0) return false;
  if (!S_ISREG(status.st_mode) || status.st_nlink != 1 || status.st_size <= 0) return false;
  // Another writer that has finished meanwhile has removed the note.
  note = read_note();
  if (!note || note->source != source || ::lseek(fd.get(), 0, SEEK_END) != status.st_size) return false;
  fd_ = std::move(fd);
  note_ = std::move(*note);
  noted_ = true;
  size_ = static_cast<std::uint64_t>(status.st_size);
  return true;
}

Status FileWriter::refuse_target(Standing known) const {
  if (is_kept_for_parts(name_)) {
    return file_refusal(Errc::name_refused, path_,
                        "names in '.part' and '.part.resume' are kept for unfinished files");
  }
  struct stat status {};
  if (known.nothing) return std::nullopt;
  if (::fstatat(directory(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  if (S_ISDIR(status.st_mode)) return file_failure(EISDIR, "write", path_);
  if (S_ISLNK(status.st_mode)) return file_refusal(Errc::name_refused, path_, "it is a symbolic link");
  return S_ISREG(status.st_mode) ? std::nullopt : special_refusal();
}

Status FileWriter::special_refusal() const {
  return file_refusal(Errc::file_error, path_, "it is a device, a FIFO or a socket");
}

// A .part is only written by whoever has made it: one that is there already is removed first, under its lock.
// If that happens to this one before it is locked, it has lost its name, and another is made.
Status FileWriter::open_part(Standing known) {
  noted_ = !known.nothing;  // an earlier run may have left a note
  for (int attempt = 0; attempt < kOpenAttempts && !fd_; ++attempt) {
    Fd fd(::openat(directory(), part_.c_str(), kMakePart, kFileMode));
    if (!fd && errno == EINTR) continue;
    if (!fd && errno == EEXIST) {
      noted_ = true;
      if (auto refused = remove_stale_part()) return refused;
      continue;
    }
    if (!fd) return file_failure(errno, "open the '.part' of", path_);
    if (auto refused = lock_part(fd)) return refused;
    struct stat opened {};
    if (::fstat(fd.get(), &opened) != 0) return file_failure(errno, "look at the '.part' of", path_);
    if (opened.st_nlink > 0) fd_ = std::move(fd);
  }
  if (!fd_) return file_refusal(Errc::file_exists, path_, "other transfers write it again and again");
  drop_note();
  return std::nullopt;
}

// Some file systems have no locks; on them files are written without one.
Status FileWriter::lock_part(const Fd& fd) const {
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return std::nullopt;
  return file_refusal(Errc::file_exists, path_, "another transfer is writing this file");
}

// Another process may rename or unlink this very file between openat and flock. Then its name leads
// elsewhere, and nothing is removed.
Status FileWriter::remove_stale_part() {
  const Fd fd(::openat(directory(), part_.c_str(), O_RDWR | kOpenSafely));
  if (!fd && (errno == ENOENT || errno == EINTR)) return std::nullopt;
  if (!fd && errno == ELOOP) {
    return file_refusal(Errc::name_refused, path_, "its '.part' is a symbolic link");
  }
  if (!fd) return file_failure(errno, "open the '.part' of", path_);
  if (auto refused = lock_part(fd)) return refused;
  struct stat opened {};
  struct stat named {};
  if (::fstat(fd.get(), &opened) != 0) return file_failure(errno, "look at the '.part' of", path_);
  if (::fstatat(directory(), part_.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0 ||
      id_of(opened) != id_of(named)) {
    return std::nullopt;
  }
  if (!S_ISREG(opened.st_mode)) {
    return file_refusal(Errc::file_error, path_, "its '.part' is not a regular file");
  }
  if (opened.st_nlink > 1) return file_refusal(Errc::name_refused, path_, "its '.part' has other names");
  drop_note();
  if (::unlinkat(directory(), part_.c_str(), 0) == 0 || errno == ENOENT) return std::nullopt;
  return file_failure(errno, "remove the old '.part' of", path_);
}

Status FileWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_failure(errno, "write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(count));
    size_ += static_cast<std::uint64_t>(count);
  }
  return std::nullopt;
}

Status FileWriter::rewind() {
  drop_note();
  if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) != 0) {
    return file_failure(errno, "start again", path_);
  }
  size_ = 0;
  return std::nullopt;
}

// The kernel moves a time that is beyond the file system's into its range, which is neither the server's time
// nor ours: then the file has the time of its arrival, as if the server had said nothing.
void FileWriter::set_modified(std::time_t time) noexcept {
  const std::array<timespec, 2> times{timespec{0, UTIME_OMIT}, timespec{time, 0}};
  static_cast<void>(::futimens(fd_.get(), times.data()));
  constexpr std::time_t kEverywhere = 0x7fffffff;  // from 1970 on every file system knows these seconds
  struct stat status {};
  if (time >= 0 && time <= kEverywhere) return;
  if (::fstat(fd_.get(), &status) != 0 || status.st_mtime == time) return;
  const std::array<timespec, 2> now{timespec{0, UTIME_OMIT}, timespec{0, UTIME_NOW}};
  static_cast<void>(::futimens(fd_.get(), now.data()));
}

void FileWriter::set_etag(const std::string& etag) noexcept {
  static_cast<void>(::fsetxattr(fd_.get(), kEtagAttribute, etag.data(), etag.size(), 0));
}

void FileWriter::set_source(const std::string& source) noexcept {
  static_cast<void>(::fsetxattr(fd_.get(), kSourceAttribute, source.data(), source.size(), 0));
}

Result<Fd> FileWriter::part_to_sync() const {
  Fd copy(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return file_failure(errno, "sync", path_);
  return copy;
}

Result<Fd> FileWriter::directory_to_sync() const {
  Fd opened(::openat(directory(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return file_failure(errno, "sync the directory of", path_);
  return opened;
}

Status FileWriter::commit(bool replace) {
  if (auto failed = check_stored()) return failed;
  drop_note();
  if (auto failed = rename_part(*this, replace)) return failed;
  fd_.reset();
  return std::nullopt;
}

Status FileWriter::commit_as(const BaseDirectory& base, const std::string& path, bool replace) {
  auto target = aim(base.parent_of(path, MissingDirectories::make), base, path);
  if (!target) return std::move(target.error());
  if (auto failed = check_stored()) return failed;
  drop_note();
  if (auto failed = rename_part(*target, replace)) return failed;
  fd_.reset();
  directory_ = std::move((*target).directory_);
  path_ = std::move((*target).path_);
  return std::nullopt;
}

Status FileWriter::check_stored() const {
  // NFS and others report only on close what they could not store. A copy is closed here, because the lock
  // goes with the last descriptor and has to hold until the rename is done.
  if (directory_->is_local()) return std::nullopt;
  const int copy = ::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0);
  if (copy >= 0 && ::close(copy) != 0 && errno != EINTR) return file_failure(errno, "write", path_);
  return std::nullopt;
}

Status FileWriter::rename_part(const FileWriter& target, bool replace) const {
  const int from = directory();
  const int to = target.directory();
  const char* const name = target.name_.c_str();
  struct stat old {};
  if (replace && ::fstatat(to, name, &old, AT_SYMLINK_NOFOLLOW) == 0) {
    const bool is_special = !S_ISREG(old.st_mode) && !S_ISLNK(old.st_mode) && !S_ISDIR(old.st_mode);
    if (is_special) return target.special_refusal();
    if (S_ISREG(old.st_mode)) static_cast<void>(::fchmod(fd_.get(), old.st_mode & kModeBits));
  }
  const unsigned flags = replace ? 0U : RENAME_NOREPLACE;
  if (::renameat2(from, part_.c_str(), to, name, flags) == 0) return std::nullopt;
  // NFS, 9p and others know no RENAME_NOREPLACE; a link replaces nothing either.
  if (!replace && (errno == EINVAL || errno == ENOSYS) && ::linkat(from, part_.c_str(), to, name, 0) == 0) {
    ::unlinkat(from, part_.c_str(), 0);
    return std::nullopt;
  }
  if (errno == EEXIST) return target.target_exists();
  return file_failure(errno, "rename the '.part' of", target.path_);
}

Status FileWriter::target_exists() const {
  struct stat status {};
  if (::fstatat(directory(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode)) {
    return file_failure(EISDIR, "write", path_);
  }
  return file_refusal(Errc::file_exists, path_, "it exists already");
}

std::optional<PartNote> FileWriter::read_note() const {
  const Fd fd(::openat(directory(), note_name(name_).c_str(), O_RDONLY | kOpenSafely));
  if (!fd) return std::nullopt;
  std::string text(kMaxNote, '\0');
  const ssize_t size = ::read(fd.get(), text.data(), text.size());
  return size > 0 ? PartNote::parse(std::string_view(text).substr(0, static_cast<std::size_t>(size)))
                  : std::nullopt;
}

// The note is written in place, by one write of less than a page, which no kill can tear. What a longer note
// before it leaves stands behind the "end".
Status FileWriter::write_note(const PartNote& note) {
  if (!note_fd_) {
    note_fd_ = Fd(::openat(directory(), note_name(name_).c_str(), O_WRONLY | O_CREAT | O_TRUNC | kOpenSafely,
                           kFileMode));
    if (!note_fd_) return file_failure(errno, "open the '.part.resume' of", path_);
    noted_ = true;
  }
  const std::string text = note.text();
  const ssize_t written = ::pwrite(note_fd_.get(), text.data(), text.size(), 0);
  if (written == static_cast<ssize_t>(text.size())) return std::nullopt;
  const int error = written < 0 ? errno : ENOSPC;
  drop_note();
  return file_failure(error, "write the '.part.resume' of", path_);
}

void FileWriter::drop_note() noexcept {
  if (!noted_) return;
  noted_ = false;
  note_fd_.reset();
  ::unlinkat(directory(), note_name(name_).c_str(), 0);
}

Result<std::string> FileWriter::read_back(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t count =
        ::pread(fd_.get(), bytes.data() + have, size - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return file_failure(errno, "read the '.part' of", path_);
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace leat::io
