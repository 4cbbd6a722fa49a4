#pragma once

#include <string>

#include "engine/error.hpp"

namespace leat::pipelines {

/// The seal of a recording says of each of its lists (who has made which exchange, in which order records
/// went on) how long it was and what its sum was when the run had ended. A list that was edited or cut since
/// would be taken for the order of another run. A run that was killed leaves no seal, and its recording is
/// used as far as it goes.
[[nodiscard]] Status seal_recording(const std::string& directory);

/// Refuses a recording whose lists are not what its seal says: file_error, which names the file and, if it is
/// shorter, how many of its lines there are. Without a seal nothing is known.
[[nodiscard]] Status check_recording_seal(const std::string& directory);

/// Another run begins in the directory.
[[nodiscard]] Status break_recording_seal(const std::string& directory);

}  // namespace leat::pipelines
