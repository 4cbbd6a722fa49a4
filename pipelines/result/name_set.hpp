#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace leat::pipelines {

/// A set of names kept as 64-bit hashes, 8 to 16 bytes each, so that a run of millions can remember what it
/// wrote. Two names of one hash count as the same: a caller takes that for a name in use, never for a free
/// one.
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
