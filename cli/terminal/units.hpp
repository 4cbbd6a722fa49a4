#pragma once

#include <string>

#include "engine/async/clock.hpp"

namespace leat::cli {

/// `812 B`, `1.2 MB`, in powers of 1000.
[[nodiscard]] std::string format_bytes(double bytes);

/// `1.5 ms`, `0.35 s`, `12.3 s`, `2m05s`, `1h02m`.
[[nodiscard]] std::string format_elapsed(async::Duration time);

}  // namespace leat::cli
