#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace leat::pipelines {

/// A set of names that keeps a 64-bit hash of each, 8 to 16 bytes, so that a run of millions can remember
/// what it wrote. Two names with the same hash count as one: a caller may take a free name for one in use,
/// never the other way round.
class NameSet {
 public:
  [[nodiscard]] bool contains(std::string_view name) const noexcept;
  /// False if it was there.
  bool insert(std::string_view name);
  void erase(std::string_view name) noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  // Open addressing with linear probing; 0 marks a free slot.
  [[nodiscard]] std::size_t slot_of(std::uint64_t hash) const noexcept;
  [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }
  void grow();

  std::vector<std::uint64_t> slots_ = std::vector<std::uint64_t>(64);
  std::size_t size_ = 0;
};

}  // namespace leat::pipelines
