#include "pipelines/result/name_set.hpp"

#include <cstring>

#include "engine/text/hash.hpp"

namespace leat::pipelines {

namespace {

// It takes eight bytes at a time, since a crawl asks for every link, and need not be the same elsewhere. Of a
// name that is longer, the last eight come whole; what they have in common with those before doesn't matter.
std::uint64_t key_of(std::string_view name) noexcept {
  std::uint64_t bytes = 0;
  std::uint64_t hash = text::mix64(name.size() + 1);
  for (std::size_t at = 0; at + sizeof bytes < name.size(); at += sizeof bytes) {
    std::memcpy(&bytes, name.data() + at, sizeof bytes);
    hash = text::mix64(hash ^ bytes);
  }
  if (name.size() >= sizeof bytes) {
    std::memcpy(&bytes, name.data() + name.size() - sizeof bytes, sizeof bytes);
  } else {
    bytes = 0;
    for (const char c : name) bytes = bytes << 8 | static_cast<unsigned char>(c);
  }
  hash = text::mix64(hash ^ bytes);
  return hash == 0 ? 1 : hash;
}

}  // namespace

// The slot that holds the hash, or the free one where it would go.
std::size_t NameSet::slot_of(std::uint64_t hash) const noexcept {
  std::size_t slot = hash & mask();
  while (slots_[slot] != 0 && slots_[slot] != hash) slot = (slot + 1) & mask();
  return slot;
}

bool NameSet::contains(std::string_view name) const noexcept { return slots_[slot_of(key_of(name))] != 0; }

bool NameSet::insert(std::string_view name) {
  if ((size_ + 1) * 4 > slots_.size() * 3) grow();
  const std::uint64_t key = key_of(name);
  std::uint64_t& slot = slots_[slot_of(key)];
  if (slot != 0) return false;
  slot = key;
  ++size_;
  return true;
}

// Moves entries behind the gap back that would no longer be found across it.
void NameSet::erase(std::string_view name) noexcept {
  std::size_t gap = slot_of(key_of(name));
  if (slots_[gap] == 0) return;
  --size_;
  for (std::size_t at = (gap + 1) & mask(); slots_[at] != 0; at = (at + 1) & mask()) {
    const std::size_t home = slots_[at] & mask();
    if (((at - home) & mask()) >= ((at - gap) & mask())) {
      slots_[gap] = slots_[at];
      gap = at;
    }
  }
  slots_[gap] = 0;
}

void NameSet::grow() {
  std::vector<std::uint64_t> old(slots_.size() * 2);
  old.swap(slots_);
  for (const std::uint64_t key : old) {
    if (key != 0) slots_[slot_of(key)] = key;
  }
}

}  // namespace leat::pipelines
