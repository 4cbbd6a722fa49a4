#pragma once

#include <cstdint>
#include <string_view>

namespace leat::text {

/// Every bit of the number in every bit of the result: one to one. Source: splitmix64.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t number) noexcept {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
  return number ^ (number >> 31);
}

/// FNV-1a of 64 bits, its bits mixed once more so that any of them can index a table.
[[nodiscard]] constexpr std::uint64_t hash64(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return mix64(hash);
}

}  // namespace leat::text
