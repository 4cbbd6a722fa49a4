#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/error.hpp"

namespace leat::io {

enum class Compression : std::uint8_t { gzip, deflate, brotli, zstd, xz, bzip2 };

/// Decompresses a text that comes in chunks. It gives pieces of at most kPiece bytes, so that it takes the
/// same memory however long the text becomes. One thread at a time.
///
/// Several gzip members, zstd frames, xz or bzip2 streams in a row are one text. `deflate` stands for either
/// of the two formats that servers mean by it, RFC 1950's and RFC 1951's. Checksums are checked. The error is
/// bad_response if the text is not compressed that way, or if xz would need more than kMostXzMemory for it.
class Decompressor {
 public:
  static constexpr std::size_t kPiece = 64 * 1024;
  static constexpr std::size_t kMostXzMemory = 128u << 20;  // twice what `xz -9` makes necessary

  [[nodiscard]] static std::unique_ptr<Decompressor> make(Compression kind);
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  virtual ~Decompressor() = default;

  /// The chunk must stay where it is until `next` has given an empty piece.
  virtual void feed(std::string_view chunk) noexcept = 0;
  /// Gives the next piece, which is valid until the next call. An empty piece means that all of the chunk is
  /// used up.
  [[nodiscard]] virtual Result<std::string_view> next() = 0;
  /// Says whether what was fed ends where a compressed text may end.
  [[nodiscard]] virtual bool complete() const noexcept = 0;

 protected:
  Decompressor() = default;
};

}  // namespace leat::io
