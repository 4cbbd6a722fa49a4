#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leat::text {

/// Times, sizes, rates and counts: how they are read from options and arguments, and how they are written for
/// people and in messages. Any thread.

/// What the parsers below take, as messages say it.
inline constexpr std::string_view kDurationTakes =
    "a time such as 30s, 250ms, 2m or 1h; a plain number is seconds";
inline constexpr std::string_view kSizeTakes =
    "a size such as 10MB (powers of 1000), 16MiB or 4k (powers of 1024)";
inline constexpr std::string_view kRateTakes =
    "a rate such as 50/s, 10/min or 1000/h; a plain number is a rate per second";

/// Reads `30s 250ms 2m 1.5h 1m30s`: m is minutes (also min), a plain number is seconds, as in curl. Nothing
/// for anything else, or for more than 100 years.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) noexcept;

/// Reads bytes: `4096 10MB 16MiB 4k`. kB, MB, GB and TB are powers of 1000; KiB, MiB, GiB and TiB are powers
/// of 1024, and so are k, M, G and T alone, as in curl and aria2. In any case. Nothing for anything else, or
/// for 2^63 and more.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text) noexcept;

/// Reads a rate in a second: `50/s 10/min 1000/h 2.5/s`; a plain number is a rate per second. It is more than
/// 0 and at most 10 million.
[[nodiscard]] std::optional<double> parse_rate(std::string_view text) noexcept;

/// Reads decimal digits, with k, M or a power of ten behind them (1k, 2M, 1e6), from `least` to `most`.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t least,
                                                       std::uint64_t most) noexcept;

/// A time limit as a message names it, exact, in the form that `parse_duration` reads: "30s", "250ms", "1us".
[[nodiscard]] std::string format_duration(std::chrono::nanoseconds duration);

/// The same in the largest unit of which it is a whole number: "1h", "10min", "90s", "250ms"; "0" for none.
[[nodiscard]] std::string format_in_largest_unit(std::chrono::nanoseconds duration);

/// How long something took or takes: `1.5 ms`, `0.35 s`, `12.3 s`, `2m05s`, `1h02m`.
[[nodiscard]] std::string format_elapsed(std::chrono::nanoseconds time);

/// A measured time, in nanoseconds, with three digits: `812 ns`, `85.2 us`, `1.53 ms`, `2.31 s`.
[[nodiscard]] std::string format_nanoseconds(double nanoseconds);

/// `812 B`, `1.2 MB`, in powers of 1000.
[[nodiscard]] std::string format_bytes(double bytes);

/// A rate in a second, or in a minute or an hour if it is slow: `9.53/s`, `18,123/s`, `1.00/h`.
[[nodiscard]] std::string format_rate(double rate);

/// `1,234,567`.
[[nodiscard]] std::string format_count(std::uint64_t count);

}  // namespace leat::text
