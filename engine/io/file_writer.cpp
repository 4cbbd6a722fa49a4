#include "engine/io/file_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "engine/io/confined_path.hpp"
#include "engine/io/file_error.hpp"

namespace leat::io {

namespace {

constexpr std::size_t kMaxName = 255;
constexpr std::string_view kPartSuffix = ".part";
constexpr mode_t kFileMode = 0666;
// Never waits for the reader of a FIFO that somebody put there.
constexpr int kOpenPart = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int kOpenAttempts = 16;

std::uint64_t fnv1a(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// Cuts between two characters of UTF-8.
std::string_view cut(std::string_view name, std::size_t size) noexcept {
  while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0U) == 0x80U) --size;
  return name.substr(0, size);
}

std::string part_name(std::string_view name) {
  if (name.size() + kPartSuffix.size() <= kMaxName) return std::string(name).append(kPartSuffix);
  const std::string ending = fmt::format("~{:016x}{}", fnv1a(name), kPartSuffix);
  return std::string(cut(name, kMaxName - ending.size())).append(ending);
}

bool same_file(const struct stat& a, const struct stat& b) noexcept {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

FileWriter& FileWriter::operator=(FileWriter&& other) noexcept {
  discard();
  directory_ = std::move(other.directory_);
  fd_ = std::move(other.fd_);
  path_ = std::move(other.path_);
  name_ = std::move(other.name_);
  part_ = std::move(other.part_);
  size_ = other.size_;
  keep_part_ = other.keep_part_;
  return *this;
}

FileWriter::~FileWriter() { discard(); }

// Both while the lock is held, so that no other writer has begun on the .part that is unlinked here. A kept
// one is unlocked by name: a child between fork and exec may have a copy of the descriptor.
void FileWriter::discard() noexcept {
  if (!fd_) return;
  if (keep_part_) {
    ::flock(fd_.get(), LOCK_UN);
  } else {
    ::unlinkat(directory_.get(), part_.c_str(), 0);
  }
  fd_.reset();
}

Result<FileWriter> FileWriter::create(const std::string& base, const std::string& path) {
  auto parent = open_parent(base, path, MissingDirectories::make);
  if (!parent) return std::move(parent.error());
  FileWriter writer;
  writer.directory_ = std::move(*parent);
  writer.path_ = joined_path(base, path);
  writer.name_ = last_component(path);
  writer.part_ = part_name(writer.name_);
  if (auto refused = writer.refuse_target()) return std::move(*refused);
  if (auto failed = writer.open_part()) return std::move(*failed);
  return writer;
}

Status FileWriter::refuse_target() const {
  if (name_.ends_with(kPartSuffix)) {
    return file_refusal(Errc::name_refused, path_, "names in '.part' are kept for unfinished files");
  }
  struct stat status {};
  if (::fstatat(directory_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  if (S_ISDIR(status.st_mode)) return file_failure(EISDIR, "write", path_);
  if (S_ISLNK(status.st_mode)) return file_refusal(Errc::name_refused, path_, "it is a symbolic link");
  return std::nullopt;
}

// Between openat and flock another process may rename or unlink the very file: then its name leads elsewhere,
// and fd_ stays empty.
Status FileWriter::open_part() {
  for (int attempt = 0; attempt < kOpenAttempts && !fd_; ++attempt) {
    Fd fd(::openat(directory_.get(), part_.c_str(), kOpenPart, kFileMode));
    if (!fd && errno == EINTR) continue;
    if (!fd && errno == ELOOP) {
      return file_refusal(Errc::name_refused, path_, "its '.part' is a symbolic link");
    }
    if (!fd) return file_failure(errno, "open the '.part' of", path_);
    if (auto refused = adopt_part(std::move(fd))) return refused;
  }
  if (!fd_) return file_refusal(Errc::file_exists, path_, "other transfers write it again and again");
  return std::nullopt;
}

Status FileWriter::adopt_part(Fd fd) {
  // Some file systems have no locks; they are written without.
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return file_refusal(Errc::file_exists, path_, "another transfer is writing this file");
  }
  struct stat opened {};
  struct stat named {};
  if (::fstat(fd.get(), &opened) != 0) return file_failure(errno, "look at the '.part' of", path_);
  if (::fstatat(directory_.get(), part_.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0 ||
      !same_file(opened, named)) {
    return std::nullopt;
  }
  if (!S_ISREG(opened.st_mode)) {
    return file_refusal(Errc::file_error, path_, "its '.part' is not a regular file");
  }
  if (opened.st_nlink > 1) return file_refusal(Errc::name_refused, path_, "its '.part' has other names");
  if (opened.st_size > 0 && ::ftruncate(fd.get(), 0) != 0) {
    return file_failure(errno, "empty the '.part' of", path_);
  }
  fd_ = std::move(fd);
  return std::nullopt;
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
  if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) != 0) {
    return file_failure(errno, "start again", path_);
  }
  size_ = 0;
  return std::nullopt;
}

Status FileWriter::commit(bool replace) {
  // NFS and others report only at a close what they could not store. A copy is closed, since the lock, which
  // goes with the last descriptor, is to hold until the rename is done.
  const int copy = ::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0);
  if (copy >= 0 && ::close(copy) != 0 && errno != EINTR) return file_failure(errno, "write", path_);
  if (auto failed = rename_part(replace)) return failed;
  fd_.reset();
  directory_.reset();
  return std::nullopt;
}

Status FileWriter::rename_part(bool replace) const {
  const int directory = directory_.get();
  const unsigned flags = replace ? 0U : RENAME_NOREPLACE;
  if (::renameat2(directory, part_.c_str(), directory, name_.c_str(), flags) == 0) return std::nullopt;
  // NFS, 9p and others know no RENAME_NOREPLACE; a link replaces nothing either.
  if (!replace && (errno == EINVAL || errno == ENOSYS) &&
      ::linkat(directory, part_.c_str(), directory, name_.c_str(), 0) == 0) {
    ::unlinkat(directory, part_.c_str(), 0);
    return std::nullopt;
  }
  if (errno == EEXIST) return target_exists();
  return file_failure(errno, "rename the '.part' of", path_);
}

Status FileWriter::target_exists() const {
  struct stat status {};
  if (::fstatat(directory_.get(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISDIR(status.st_mode)) {
    return file_failure(EISDIR, "write", path_);
  }
  return file_refusal(Errc::file_exists, path_, "it exists already");
}

Result<bool> file_exists(const std::string& base, const std::string& path) {
  auto parent = open_parent(base, path, MissingDirectories::leave);
  if (!parent) return std::move(parent.error());
  if (!*parent) return false;
  const std::string name(last_component(path));
  struct stat status {};
  if (::fstatat((*parent).get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return false;
    return file_failure(errno, "look at", joined_path(base, path));
  }
  if (S_ISLNK(status.st_mode)) {
    return file_refusal(Errc::name_refused, joined_path(base, path), "it is a symbolic link");
  }
  return S_ISREG(status.st_mode);
}

}  // namespace leat::io
