#pragma once

#include <string_view>

#include "engine/error.hpp"

namespace leat::io {

/// Makes an Error from what the system refused: "cannot ACTION 'PATH': the system's words".
///
/// The code is disk_full for ENOSPC and EDQUOT, name_refused for ENAMETOOLONG, EILSEQ and ELOOP, and
/// file_error for the rest. The error is retryable if the process or the system is out of descriptors
/// (EMFILE, ENFILE), because fewer transfers at once may help.
[[nodiscard]] Error file_failure(int error_number, std::string_view action, std::string_view path);

/// Makes the Error "cannot write 'PATH': REASON" for what we refuse and not the system.
[[nodiscard]] Error file_refusal(Errc code, std::string_view path, std::string_view reason);

/// Says whether the error is about the file to be written; then another server would not help.
[[nodiscard]] constexpr bool is_about_a_file(Errc code) noexcept {
  return code == Errc::disk_full || code == Errc::file_error || code == Errc::file_exists ||
         code == Errc::name_refused;
}

}  // namespace leat::io
