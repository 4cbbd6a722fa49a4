#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/async/clock.hpp"

namespace leat::pipelines {

/// What the parsers below take, as messages say it.
inline constexpr std::string_view kDurationTakes =
    "a time such as 30s, 250ms, 2m or 1h; a plain number is seconds";
inline constexpr std::string_view kSizeTakes =
    "a size such as 10MB (powers of 1000), 16MiB or 4k (powers of 1024)";
inline constexpr std::string_view kRateTakes =
    "a rate such as 50/s, 10/min or 1000/h; a plain number is a second's";

/// `30s 250ms 2m 1.5h 1m30s`; m is minutes (also min), a plain number seconds, as in curl. Nothing for
/// anything else, or for more than 100 years.
[[nodiscard]] std::optional<async::Duration> parse_duration(std::string_view text) noexcept;

/// Bytes: `4096 10MB 16MiB 4k`. kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of 1024, and so are
/// k, M, G, T alone, as in curl and aria2. In any case. Nothing for anything else, or for 2^63 and more.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;

/// A rate in a second: `50/s 10/min 1000/h 2.5/s`, a plain number is a second's. More than 0, at most 10
/// million.
[[nodiscard]] std::optional<double> parse_rate(std::string_view text) noexcept;

/// Decimal digits, with k for thousands or M for millions behind them, `least` to `most`.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t least,
                                                       std::uint64_t most) noexcept;

}  // namespace leat::pipelines
