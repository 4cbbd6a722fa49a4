#pragma once

#include <string>

#include "engine/error.hpp"

namespace leat::io {

/// Reads all of a file, or of standard input ("-"), as a TextReader reads a list: unpacked if it is packed,
/// and as UTF-8 with lines that end in newlines. For what is read before there is a loop; blocks. The error
/// is file_error, which names the input: one that can't be read, is damaged or longer than 1 GiB.
[[nodiscard]] Result<std::string> read_text(const std::string& path);

}  // namespace leat::io
