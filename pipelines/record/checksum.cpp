#include "pipelines/record/checksum.hpp"

#include <algorithm>
#include <utility>

namespace leat::pipelines {

namespace {

constexpr std::array<std::size_t, kDigests.size()> kSizes{64, 40, 32, 128};

}  // namespace

std::optional<DigestKind> digest_kind(std::string_view name) noexcept {
  const auto found = std::find(kDigests.begin(), kDigests.end(), name);
  if (found == kDigests.end()) return std::nullopt;
  return static_cast<DigestKind>(found - kDigests.begin());
}

std::size_t hex_size(DigestKind kind) noexcept { return kSizes[static_cast<std::size_t>(kind)]; }

std::optional<DigestKind> kind_of_size(std::size_t digits) noexcept {
  const auto found = std::find(kSizes.begin(), kSizes.end(), digits);
  if (found == kSizes.end()) return std::nullopt;
  return static_cast<DigestKind>(found - kSizes.begin());
}

std::optional<std::string> checksum_hex(DigestKind kind, std::string_view text) {
  if (text.size() != hex_size(kind)) return std::nullopt;
  if (text.find_first_not_of("0123456789abcdefABCDEF") != text.npos) return std::nullopt;
  std::string hex(text);
  for (char& c : hex) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c | 0x20);
  }
  return hex;
}

void Checksums::put(DigestKind kind, std::string hex) {
  std::erase_if(all_, [kind](const Checksum& sum) { return sum.kind == kind; });
  if (!hex.empty()) all_.push_back({kind, std::move(hex)});
}

std::string_view Checksums::find(DigestKind kind) const noexcept {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [kind](const Checksum& sum) { return sum.kind == kind; });
  return found == all_.end() ? std::string_view() : std::string_view(found->hex);
}

}  // namespace leat::pipelines
