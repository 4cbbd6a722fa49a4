#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.hpp"

namespace leat::http {

/// What is tried again with `--retry-on`, besides what is tried again by default. If a user names a failure,
/// it is tried again whatever the method was.
struct RetryOn {
  RetryOn() = default;

  bool all = false;                           // every failure of the network and every status from 400 on
  std::vector<std::pair<int, int>> statuses;  // first and last of each range
  std::vector<Errc> codes;

  [[nodiscard]] bool has_status(int status) const noexcept;
  [[nodiscard]] bool has_code(Errc code) const noexcept;
};

/// Reads a list with commas: statuses (404), classes of them (4xx), names of error codes that another attempt
/// may change, and "all"; an empty list gives nothing. The error is bad_input, which names the part that is
/// none of these.
[[nodiscard]] Result<RetryOn> parse_retry_on(std::string_view list);

}  // namespace leat::http
