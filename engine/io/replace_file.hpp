#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::io {

/// Writes a whole file at once: it has its old content until the new one is on the disk, so that a full disk,
/// a kill or a power cut loses nothing. A symbolic link leads to the file that is replaced. A file that is
/// there keeps its mode; a new one has `mode`, whatever the umask says.
///
/// The content is written in place where the folder takes no second file (it may not be written to, or the
/// name would be too long) or the file can't be replaced (it is a mount point, a device or a FIFO); not where
/// the disk is full. Errors are those of file_failure. Blocks; what takes the place of the old file is
/// on the disk then.
[[nodiscard]] Status replace_file(const std::string& path, std::string_view content, mode_t mode);

}  // namespace leat::io
