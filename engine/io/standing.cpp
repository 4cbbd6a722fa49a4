#include "engine/io/standing.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "engine/io/file_error.hpp"
#include "engine/io/part_note.hpp"
#include "engine/text/ascii.hpp"

namespace leat::io {

namespace {

constexpr std::size_t kMaxAttribute = 1024;

std::string attribute(const Fd& fd, const char* name) {
  std::string value(kMaxAttribute, '\0');
  const ssize_t size = ::fgetxattr(fd.get(), name, value.data(), value.size());
  value.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return value;
}

Result<Standing> look_in(const Directory& directory, const BaseDirectory& base, const std::string& path) {
  const std::string name(last_component(path));
  Standing standing;
  struct stat status {};
  if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
    if (S_ISLNK(status.st_mode)) {
      return file_refusal(Errc::name_refused, joined_path(base.path(), path), "it is a symbolic link");
    }
    standing.file = S_ISREG(status.st_mode);
    standing.directory = S_ISDIR(status.st_mode);
    standing.special = !standing.file && !standing.directory;
    standing.id = id_of(status);
  } else if (errno != ENOENT) {
    return file_failure(errno, "look at", joined_path(base.path(), path));
  } else {
    standing.nothing = true;
  }
  if (standing.file) return standing;
  const std::string note = note_name(name);
  standing.note = ::faccessat(directory.get(), note.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
  standing.nothing = standing.nothing && !standing.note;
  return standing;
}

}  // namespace

FileId id_of(const struct stat& status) noexcept { return {status.st_dev, status.st_ino}; }

std::optional<FileId> id_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return id_of(status);
}

bool is_null_device(const struct stat& status) noexcept {
  return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

bool can_be_read_again(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (S_ISREG(status.st_mode) || is_null_device(status));
}

Result<Standing> look_at(const BaseDirectory& base, const std::string& path) {
  auto parent = base.recent_parent_of(path, MissingDirectories::leave);
  if (!parent) return std::move(parent.error());
  Standing standing;
  standing.nothing = !*parent;
  if (!*parent) return standing;
  auto found = look_in(**parent, base, path);
  if (!found || !found.value().nothing) return found;
  // Nothing is found either in a directory that was removed, and may have been made again.
  auto checked = base.parent_of(path, MissingDirectories::leave);
  if (!checked) return std::move(checked.error());
  return !*checked || *checked == *parent ? std::move(found) : look_in(**checked, base, path);
}

Result<Fd> open_standing(const BaseDirectory& base, const std::string& path) {
  auto parent = base.parent_of(path, MissingDirectories::leave);
  if (!parent) return std::move(parent.error());
  const std::string shown = joined_path(base.path(), path);
  if (!*parent) return file_failure(ENOENT, "look at", shown);
  const std::string name(last_component(path));
  // It never waits for the writer of a FIFO that somebody put there.
  constexpr int kHow = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  Fd fd(::openat((*parent)->get(), name.c_str(), kHow));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return file_failure(errno, "look at", shown);
  if (!S_ISREG(status.st_mode)) return file_failure(EINVAL, "read", shown);
  return fd;
}

Result<FileVersion> version_of(const BaseDirectory& base, const std::string& path) {
  auto fd = open_standing(base, path);
  if (!fd) return std::move(fd.error());
  struct stat status {};
  if (::fstat((*fd).get(), &status) != 0)
    return file_failure(errno, "look at", joined_path(base.path(), path));
  FileVersion version;
  version.modified = status.st_mtime;
  version.size = static_cast<std::uint64_t>(status.st_size);
  version.etag = attribute(*fd, kEtagAttribute);
  // No server sent such a tag, and it would go into a request.
  if (text::has_control(version.etag)) version.etag.clear();
  return version;
}

std::string source_of(const BaseDirectory& base, const std::string& path) {
  auto fd = open_standing(base, path);
  return fd ? attribute(*fd, kSourceAttribute) : std::string();
}

}  // namespace leat::io
