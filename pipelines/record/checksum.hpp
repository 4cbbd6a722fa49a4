#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct evp_md_ctx_st;
struct evp_md_st;

namespace leat::pipelines {

enum class DigestKind : std::uint8_t { sha256, sha1, md5, sha512 };

/// The names of the kinds, in the order of DigestKind.
inline constexpr std::array<std::string_view, 4> kDigests{"sha256", "sha1", "md5", "sha512"};

[[nodiscard]] constexpr std::string_view to_string(DigestKind kind) noexcept {
  return kDigests[static_cast<std::size_t>(kind)];
}
[[nodiscard]] std::optional<DigestKind> digest_kind(std::string_view name) noexcept;
/// How many hex digits a digest of that kind has.
[[nodiscard]] std::size_t hex_size(DigestKind kind) noexcept;
/// The kind whose digests have so many hex digits.
[[nodiscard]] std::optional<DigestKind> kind_of_size(std::size_t digits) noexcept;
/// The text in lower case; nothing if it is no digest of that kind.
[[nodiscard]] std::optional<std::string> checksum_hex(DigestKind kind, std::string_view text);

struct Checksum {
  DigestKind kind;
  std::string hex;  // lower case
  bool operator==(const Checksum&) const = default;
};

/// The checksums of one body, at most one of each kind.
class Checksums {
 public:
  /// Replaces the checksum of that kind. An empty text takes it away.
  void put(DigestKind kind, std::string hex);
  /// The hex digits of that kind; empty if there are none.
  [[nodiscard]] std::string_view find(DigestKind kind) const noexcept;
  [[nodiscard]] const std::vector<Checksum>& all() const noexcept { return all_; }

 private:
  std::vector<Checksum> all_;
};

/// Computes a digest of bytes as they come (OpenSSL's EVP).
class Digest {
 public:
  /// `name` is one of kDigests.
  explicit Digest(const char* name = "sha256");
  void update(std::string_view bytes);
  /// The digest in lower-case hex. Starts over.
  std::string finish();
  void restart();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  const evp_md_st* kind_;
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Computes several digests of the same bytes; mostly none at all.
class DigestSet {
 public:
  /// Computes one of that kind, too, from here on.
  void add(DigestKind kind);
  void update(std::string_view bytes) {
    for (auto& [kind, digest] : digests_) digest.update(bytes);
  }
  void restart() {
    for (auto& [kind, digest] : digests_) digest.restart();
  }
  /// The digests of all kinds. Starts over.
  [[nodiscard]] Checksums finish();
  [[nodiscard]] bool empty() const noexcept { return digests_.empty(); }

 private:
  std::vector<std::pair<DigestKind, Digest>> digests_;
};

}  // namespace leat::pipelines
