#pragma once

#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/io/fd.hpp"

namespace leat::pipelines {

/// The error that a file of a recording is not as leat has written it: file_error, which names it.
[[nodiscard]] Error damaged_recording(const std::string& path, std::string_view how);

/// Opens a file of a recording to read it; without a descriptor if there is no such file. What is no regular
/// file is damaged_recording, since a pipe in its place would be waited for without end.
[[nodiscard]] Result<io::Fd> open_recording_file(const std::string& path);

/// Opens a new file in `directory` under a name of its own, which `path` is set to.
[[nodiscard]] Result<io::Fd> open_part(const std::string& directory, std::string& path);
/// Gives a file of `open_part` its name, and makes the directory that it is to stand in if it is missing.
[[nodiscard]] Status rename_part(const std::string& part, const std::string& path);
[[nodiscard]] Status write_all(int fd, std::string_view bytes, const std::string& path);
/// Writes a file at once: under a name of its own in `directory`, and then in the place of the one at `path`.
[[nodiscard]] Status write_whole(const std::string& directory, const std::string& path,
                                 std::string_view bytes);

/// Makes a directory of a recording, which may be there.
[[nodiscard]] Status make_recording_directory(const std::string& path);

}  // namespace leat::pipelines
