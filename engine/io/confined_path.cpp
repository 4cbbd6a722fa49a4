#include "engine/io/confined_path.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "engine/io/file_error.hpp"

namespace leat::io {

namespace {

constexpr std::size_t kMaxName = 255;  // bytes; so it is on every file system of Linux that matters
constexpr int kOpenDirectory = O_PATH | O_DIRECTORY | O_CLOEXEC;  // O_PATH: search permission is enough
constexpr mode_t kDirectoryMode = 0777;

const char* why_refused(std::string_view component) noexcept {
  if (component.empty()) return "its path is absolute or has an empty component";
  if (component == "." || component == "..") return "its path has a component '.' or '..'";
  if (component.size() > kMaxName) return "its path has a component of more than 255 bytes";
  if (component.find('\0') != std::string_view::npos) return "its path has a NUL byte";
  return nullptr;
}

Status check_components(std::string_view base, std::string_view path) {
  for (std::size_t begin = 0;;) {
    const std::size_t end = path.find('/', begin);
    const char* reason = why_refused(path.substr(begin, end - begin));
    if (reason != nullptr) return file_refusal(Errc::name_refused, joined_path(base, path), reason);
    if (end == std::string_view::npos) return std::nullopt;
    begin = end + 1;
  }
}

Result<Fd> open_base(const std::string& base, MissingDirectories missing) {
  if (base.find('\0') != std::string::npos) {
    return file_refusal(Errc::name_refused, base, "its path has a NUL byte");
  }
  const char* const path = base.empty() ? "." : base.c_str();
  Fd directory(::open(path, kOpenDirectory));
  if (directory) return directory;
  if (errno == ENOENT) {
    if (missing == MissingDirectories::leave) return Fd();
    std::error_code error;
    std::filesystem::create_directories(base, error);
    if (error) return file_failure(error.value(), "make the directory", base);
    directory = Fd(::open(path, kOpenDirectory));
    if (directory) return directory;
  }
  return file_failure(errno, "open the directory", base);
}

// A directory that was removed has no link left, and nothing can be made in it.
bool is_there(const DirectoryRef& directory) noexcept {
  struct stat status {};
  return directory && ::fstat(directory->get(), &status) == 0 && status.st_nlink > 0;
}

/// One walk from a base directory down a path.
struct Walk {
  const std::string& base;
  std::string_view path;
  MissingDirectories missing;

  [[nodiscard]] Result<Fd> step(int parent, const std::string& name) const {
    Fd directory = open(parent, name);
    if (directory) return directory;
    if (errno == ENOENT) {
      if (missing == MissingDirectories::leave) return Fd();
      if (::mkdirat(parent, name.c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
        return file_failure(errno, "make the directory '" + name + "' of", joined_path(base, path));
      }
      directory = open(parent, name);
      if (directory) return directory;
    }
    return refusal(parent, name, errno);
  }

 private:
  static Fd open(int parent, const std::string& name) {
    return Fd(::openat(parent, name.c_str(), kOpenDirectory | O_NOFOLLOW));
  }

  // O_DIRECTORY reports a symbolic link as ENOTDIR, as it does a file; this tells them apart.
  [[nodiscard]] Error refusal(int parent, const std::string& name, int error_number) const {
    struct stat status {};
    if (error_number == ENOTDIR && ::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISLNK(status.st_mode)) {
      return file_refusal(Errc::name_refused, joined_path(base, path), "'" + name + "' is a symbolic link");
    }
    return file_failure(error_number, "open the directory '" + name + "' of", joined_path(base, path));
  }
};

}  // namespace

std::string_view last_component(std::string_view path) noexcept { return path.substr(path.rfind('/') + 1); }

std::string_view folder_part(std::string_view path) noexcept { return path.substr(0, path.rfind('/') + 1); }

std::string joined_path(std::string_view base, std::string_view path) {
  std::string joined(base);
  if (!joined.empty() && joined.back() != '/') joined += '/';
  joined += path;
  return joined;
}

Result<DirectoryRef> BaseDirectory::walk(std::string_view path, MissingDirectories missing) const {
  if (!is_there(base_)) {
    auto opened = open_base(path_, missing);
    if (!opened) return std::move(opened.error());
    if (!*opened) return DirectoryRef();
    base_ = std::make_shared<const Directory>(std::move(*opened));
  }
  const Walk walk{path_, path, missing};
  DirectoryRef directory = base_;
  for (std::size_t begin = 0;;) {
    const std::size_t end = path.find('/', begin);
    if (end == std::string_view::npos) return directory;
    auto next = walk.step(directory->get(), std::string(path.substr(begin, end - begin)));
    if (!next) return std::move(next.error());
    if (!*next) return DirectoryRef();
    directory = std::make_shared<const Directory>(std::move(*next));
    begin = end + 1;
  }
}

// `usable` says whether the directory that was asked for last will do once more.
template <typename Usable>
Result<DirectoryRef> BaseDirectory::find(std::string_view path, MissingDirectories missing,
                                         Usable usable) const {
  if (auto refused = check_components(path_, path)) return std::move(*refused);
  const std::string_view parent = folder_part(path);
  const std::lock_guard lock(mutex_);
  if (parent == last_path_ && usable(last_)) return last_;
  auto directory = walk(path, missing);
  if (directory && *directory) {
    last_ = *directory;
    last_path_ = parent;
  }
  return directory;
}

Result<DirectoryRef> BaseDirectory::parent_of(std::string_view path, MissingDirectories missing) const {
  return find(path, missing, is_there);
}

Result<DirectoryRef> BaseDirectory::recent_parent_of(std::string_view path,
                                                     MissingDirectories missing) const {
  return find(path, missing, [](const DirectoryRef& last) { return last != nullptr; });
}

}  // namespace leat::io
