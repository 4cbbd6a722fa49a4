#include "pipelines/extract/html_rules.hpp"

#include "engine/text/ascii.hpp"

namespace leat::pipelines {

namespace {

/// The short names of tags, which are nearly all, as numbers in a table with open addressing.
class TagNames {
 public:
  static constexpr std::size_t kMost = sizeof(std::uint64_t);

  TagNames() noexcept {
    for (int tag = 0; tag < GUMBO_TAG_UNKNOWN; ++tag) {
      const std::string_view name = gumbo_normalized_tagname(static_cast<GumboTag>(tag));
      if (name.empty() || name.size() > kMost) continue;
      Slot& slot = slots_[slot_of(key_of(name))];
      slot = {key_of(name), gumbo_tag_enum(name.data())};
    }
  }
  // A slot without a name has the tag of no name.
  [[nodiscard]] GumboTag find(std::string_view name) const noexcept {
    return slots_[slot_of(key_of(name))].tag;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    GumboTag tag = GUMBO_TAG_UNKNOWN;
  };
  static constexpr int kBits = 9;  // for 150 names

  // Without a NUL, which no name has, no two names have the same.
  static std::uint64_t key_of(std::string_view name) noexcept {
    std::uint64_t key = 0;
    for (const char c : name) key = key << 8 | static_cast<unsigned char>(text::to_lower(c));
    return key;
  }
  [[nodiscard]] std::size_t slot_of(std::uint64_t key) const noexcept {
    std::size_t slot = key * 0x9E3779B97F4A7C15 >> (64 - kBits);
    while (slots_[slot].key != key && slots_[slot].key != 0) slot = (slot + 1) % slots_.size();
    return slot;
  }

  std::array<Slot, std::size_t{1} << kBits> slots_{};
};

const TagNames kTagNames;

}  // namespace

GumboTag tag_of(std::string_view name) noexcept {
  if (name.size() <= TagNames::kMost) return kTagNames.find(name);
  return gumbo_tagn_enum(name.data(), static_cast<unsigned>(name.size()));
}

}  // namespace leat::pipelines
