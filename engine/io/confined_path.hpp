#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "engine/error.hpp"
#include "engine/io/directory.hpp"

namespace leat::io {

enum class MissingDirectories : std::uint8_t { make, leave };

/// The directory that a run's files are confined to, and the way to the directories below it.
///
/// Each component of a path is opened by itself, relative to the one before it and never through a symbolic
/// link, so that nothing on the way can lead out. These are refused with name_refused: an empty path or
/// component, ".", "..", an absolute path, a NUL byte, a component of more than 255 bytes, and a symbolic
/// link. The base is what the user typed and may be anything that leads to a directory; "" is the current
/// one. Directories are made with mode 0777 less the umask.
///
/// The base and the directory that was asked for last stay open for the next file. A list's files mostly
/// stand together, and one `open` more for each file costs more than all else that is done to make it safe
/// (tests/bench/files). So if a directory is moved meanwhile, files are written to where it is now; if it was
/// removed, it is opened or made again. Any thread.
class BaseDirectory {
 public:
  BaseDirectory(std::string path) : path_(std::move(path)) {}  // a path is one
  BaseDirectory(const BaseDirectory&) = delete;
  BaseDirectory& operator=(const BaseDirectory&) = delete;
  ~BaseDirectory() = default;

  /// Gives the directory that holds the last component of `path`, a relative path below the base. Gives null
  /// if a directory is missing and is to be left so.
  [[nodiscard]] Result<DirectoryRef> parent_of(std::string_view path, MissingDirectories missing) const;
  /// Does the same, but does not look whether the directory that was asked for last has been removed since:
  /// nothing is found there then, nor made, and ENOENT says so.
  [[nodiscard]] Result<DirectoryRef> recent_parent_of(std::string_view path,
                                                      MissingDirectories missing) const;
  /// Gives the path as the user typed it.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  template <typename Usable>
  [[nodiscard]] Result<DirectoryRef> find(std::string_view path, MissingDirectories missing,
                                          Usable usable) const;
  [[nodiscard]] Result<DirectoryRef> walk(std::string_view path, MissingDirectories missing) const;

  std::string path_;
  mutable std::mutex mutex_;
  mutable DirectoryRef base_;
  mutable DirectoryRef last_;
  mutable std::string last_path_;  // path of `last_`, below the base
};

/// Gives what stands after the last '/'.
[[nodiscard]] std::string_view last_component(std::string_view path) noexcept;

/// Gives what stands before that, with its '/'; empty if there is none.
[[nodiscard]] std::string_view folder_part(std::string_view path) noexcept;

/// Gives `base/path`, for messages.
[[nodiscard]] std::string joined_path(std::string_view base, std::string_view path);

}  // namespace leat::io
