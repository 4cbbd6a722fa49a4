#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace leat::origin {

/// Counts how often each key has come before, so that "the first N requests of this path fail" works.
///
/// Loop thread only. Keys are kept as hashes, at most a million; the next one makes it forget all.
class Occurrences {
 public:
  /// How often this key was asked for before this time.
  std::uint64_t next(std::string_view key) {
    const std::size_t hash = std::hash<std::string_view>{}(key);
    if (seen_.size() >= kMaxKeys && !seen_.contains(hash)) seen_.clear();
    return seen_[hash]++;
  }

 private:
  static constexpr std::size_t kMaxKeys = 1'000'000;

  std::unordered_map<std::size_t, std::uint64_t> seen_;
};

}  // namespace leat::origin
