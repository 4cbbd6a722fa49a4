#pragma once

#include <string_view>

#include "engine/error.hpp"

namespace leat::io {

/// What the system refused as an Error: "cannot ACTION 'PATH': the system's words".
///
/// disk_full for ENOSPC and EDQUOT; name_refused for ENAMETOOLONG, EILSEQ and ELOOP; file_error for the rest.
/// Retryable if the process or the system is out of descriptors (EMFILE, ENFILE): fewer at once may help.
[[nodiscard]] Error file_failure(int error_number, std::string_view action, std::string_view path);

/// "cannot write 'PATH': REASON", where it is not the system that refuses.
[[nodiscard]] Error file_refusal(Errc code, std::string_view path, std::string_view reason);

/// Whether it is the file that could not be written; another server would not help.
[[nodiscard]] constexpr bool is_about_a_file(Errc code) noexcept {
  return code == Errc::disk_full || code == Errc::file_error || code == Errc::file_exists ||
         code == Errc::name_refused;
}

}  // namespace leat::io
