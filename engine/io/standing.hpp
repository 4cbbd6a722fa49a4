#pragma once

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

#include "engine/error.hpp"
#include "engine/io/confined_path.hpp"
#include "engine/io/fd.hpp"

struct stat;

namespace leat::io {

/// Which file it is, whatever names lead to it.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileId&) const = default;
};
[[nodiscard]] FileId id_of(const struct stat& status) noexcept;
/// Of what the path leads to, links followed; nothing if that is nothing.
[[nodiscard]] std::optional<FileId> id_of(const std::string& path);

/// Says whether it is /dev/null, whatever its name.
[[nodiscard]] bool is_null_device(const struct stat& status) noexcept;
/// Says whether what the path leads to is the same each time it is read, as a regular file is, and /dev/null,
/// which is empty. A pipe can be read only once.
[[nodiscard]] bool can_be_read_again(const std::string& path);

/// What there is of a file already.
struct Standing {
  bool file = false;       // a regular file stands under its name
  bool directory = false;  // a directory does
  bool special = false;    // a device, a FIFO or a socket does
  bool nothing = false;    // nothing at all stands there, nor a note beside its .part
  bool note = false;       // a note stands beside its .part
  FileId id{};             // of what stands there
};

/// Says what stands at `base/path`, looked up under the confinement of BaseDirectory. Makes no directory. If
/// a component on the way is no directory, the Error's os_errno is ENOTDIR.
[[nodiscard]] Result<Standing> look_at(const BaseDirectory& base, const std::string& path);

/// Opens the regular file that stands there for reading. file_error if it is something else, and the errors
/// of `look_at`.
[[nodiscard]] Result<Fd> open_standing(const BaseDirectory& base, const std::string& path);

/// Which version a file is, as its attributes tell: its size, the time of its last modification, and the ETag
/// that FileWriter::set_etag put there as user.leat.etag (on file systems that have such attributes: ext4,
/// xfs, btrfs, and tmpfs from Linux 6.6 on).
struct FileVersion {
  std::time_t modified = 0;
  std::uint64_t size = 0;
  std::string etag;
};
[[nodiscard]] Result<FileVersion> version_of(const BaseDirectory& base, const std::string& path);

/// What FileWriter::set_source has said of that file; empty if nobody has, or if it can't be told.
[[nodiscard]] std::string source_of(const BaseDirectory& base, const std::string& path);

/// The names of those attributes.
inline constexpr const char* kEtagAttribute = "user.leat.etag";
inline constexpr const char* kSourceAttribute = "user.leat.source";

}  // namespace leat::io
