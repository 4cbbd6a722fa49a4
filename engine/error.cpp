#include "engine/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>

namespace leat {

namespace {

struct Row {
  std::string_view name;
  bool retryable;
};

// These stand in the order of Errc.
constexpr std::array kRows{
    Row{"bad_input", false},
    Row{"bad_url", false},
    Row{"unsupported_scheme", false},
    Row{"blocked", false},
    Row{"dns_failed", true},
    Row{"dns_timeout", true},
    Row{"connect_refused", true},
    Row{"connect_timeout", true},
    Row{"connect_failed", true},
    Row{"tls_failed", true},
    Row{"tls_untrusted", false},
    Row{"timeout", true},
    Row{"stalled", true},
    Row{"reset", true},
    Row{"truncated", true},
    Row{"bad_response", false},
    Row{"header_too_large", false},
    Row{"body_too_large", false},
    Row{"too_many_redirects", false},
    Row{"redirect_refused", false},
    Row{"http_status", false},
    Row{"checksum_mismatch", false},
    Row{"range_mismatch", true},
    Row{"file_exists", false},
    Row{"name_refused", false},
    Row{"disk_full", false},
    Row{"file_error", false},
    Row{"filter_error", false},
    Row{"exec_failed", false},
    Row{"not_recorded", false},
    Row{"host_down", true},
    Row{"pagination_incomplete", false},
    Row{"cancelled", false},
    Row{"internal", false},
};
static_assert(kRows.size() == static_cast<std::size_t>(Errc::internal) + 1);

const Row& row(Errc code) noexcept { return kRows[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view to_string(Errc code) noexcept { return row(code).name; }

std::optional<Errc> errc_named(std::string_view name) noexcept {
  const auto at = std::find_if(kRows.begin(), kRows.end(), [name](const Row& r) { return r.name == name; });
  if (at == kRows.end()) return std::nullopt;
  return static_cast<Errc>(at - kRows.begin());
}

bool is_retryable(Errc code) noexcept { return row(code).retryable; }
bool Error::out_of_descriptors() const noexcept { return os_errno == EMFILE || os_errno == ENFILE; }

}  // namespace leat
