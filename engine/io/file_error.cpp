#include "engine/io/file_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace leat::io {

namespace {

Errc code_of(int error_number) noexcept {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return Errc::disk_full;
    case ENAMETOOLONG:
    case EILSEQ:
    case ELOOP:
      return Errc::name_refused;
    default:
      return Errc::file_error;
  }
}

}  // namespace

// This uses strerror and not a std::error_category, because UBSan's check of that virtual call needs a
// descriptor, and this runs when there is none left.
Error file_failure(int error_number, std::string_view action, std::string_view path) {
  Error error(code_of(error_number),
              fmt::format("cannot {} '{}': {}", action, path, std::strerror(error_number)));
  error.os_errno = error_number;
  error.retryable = error.out_of_descriptors();
  return error;
}

Error file_refusal(Errc code, std::string_view path, std::string_view reason) {
  return Error(code, fmt::format("cannot write '{}': {}", path, reason));
}

}  // namespace leat::io
