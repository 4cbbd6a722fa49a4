#pragma once

#include <string>

#include "engine/load/histogram.hpp"

namespace leat::cli {

/// Nanoseconds as people read them: `812 ns`, `85.2 us`, `1.53 ms`, `2.31 s`.
[[nodiscard]] std::string time_text(double nanoseconds);

/// The same, `>` before it if it is only known to be more.
[[nodiscard]] std::string quantile_text(const load::Quantile& quantile);

/// A rate in a second: `9.53/s`, `18,123/s`.
[[nodiscard]] std::string rate_text(double rate);

/// `1,234,567`.
[[nodiscard]] std::string count_text(std::uint64_t count);

}  // namespace leat::cli
