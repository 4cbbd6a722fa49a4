#pragma once

#include <cstdint>

/// The bytes of every body of the pattern are a function of the offset alone, so any test can verify any part
/// of any body.
///
/// Byte i is byte i % 8, little-endian, of word i / 8; a word is SplitMix64's output for its index (Steele et
/// al., 2014). The sequence doesn't repeat, so data at a wrong offset never passes as right, and it contains
/// every byte value. It has no dependencies, since tests include this file.
/// has every byte value in it. No dependencies: tests include this file.
namespace leat::origin {

/// The eight bytes that start at offset 8 * index.
[[nodiscard]] constexpr std::uint64_t pattern_word(std::uint64_t index) noexcept {
  std::uint64_t mixed = (index + 1) * 0x9E3779B97F4A7C15U;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

[[nodiscard]] constexpr char pattern_byte(std::uint64_t offset) noexcept {
  return static_cast<char>((pattern_word(offset / 8) >> (offset % 8 * 8)) & 0xFFU);
}

}  // namespace leat::origin
