#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

namespace leat::http {

/// How the transfers at once to one origin are divided where several processes fetch from it: each part of
/// the origin has its own share of the cap and is in one process's hands at a time, so that all of them
/// together never exceed the cap.

/// The most parts that an origin can have.
inline constexpr std::size_t kMostHostParts = 64;

/// Says into how many parts an origin is divided, a power of two: one if a process with so many slots can use
/// the cap alone.
[[nodiscard]] constexpr std::size_t host_parts(std::size_t slots, std::size_t per_host) noexcept {
  return per_host <= slots ? 1 : std::bit_floor(std::min(per_host, kMostHostParts));
}

/// Gives the share that one of the parts has of the cap. The shares of all parts add up to it.
[[nodiscard]] constexpr std::size_t cap_of_part(std::size_t per_host, std::size_t parts,
                                                std::size_t part) noexcept {
  return per_host / parts + (part < per_host % parts ? 1 : 0);
}

}  // namespace leat::http
