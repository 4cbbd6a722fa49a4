#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.hpp"

namespace leat::http {

/// What `--retry-on` adds to the failures that are tried again by default.
///
/// A failure that the user names is tried again whatever the method was.
struct RetryOn {
  RetryOn() = default;

  bool all = false;  // every failure of the network, and every status of 400 and more
  std::vector<std::pair<int, int>> statuses;  // from, to
  std::vector<Errc> codes;

  [[nodiscard]] bool has_status(int status) const noexcept;
  [[nodiscard]] bool has_code(Errc code) const noexcept;
};

/// A list with commas: statuses (404), classes of them (4xx), names of error codes that another attempt may
/// change, "all"; "" is nothing. bad_input that names the part that is none of these.
[[nodiscard]] Result<RetryOn> parse_retry_on(std::string_view list);

}  // namespace leat::http
