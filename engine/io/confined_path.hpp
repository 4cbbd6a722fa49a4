#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/io/fd.hpp"

namespace leat::io {

enum class MissingDirectories : std::uint8_t { make, leave };

/// Opens the directory that holds the last component of `path`, a relative path below `base`, such that
/// nothing on the way can lead out of `base`.
///
/// Each component is opened by itself, relative to the one before, and never through a symbolic link. Refused
/// with name_refused: an empty path or component, ".", "..", an absolute path, a NUL byte, a component of
/// more than 255 bytes, a symbolic link. `base` is what the user typed and may be anything that leads to a
/// directory; "" is the current one. Directories are made with mode 0777 less the umask.
/// Holds no descriptor if one is missing and MissingDirectories::leave was asked for.
Result<Fd> open_parent(const std::string& base, std::string_view path, MissingDirectories missing);

/// What stands after the last '/'.
[[nodiscard]] std::string_view last_component(std::string_view path) noexcept;

/// `base/path`, for messages.
[[nodiscard]] std::string joined_path(std::string_view base, std::string_view path);

}  // namespace leat::io
