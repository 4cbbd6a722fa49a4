#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/error.hpp"

namespace leat::io {

enum class Compression : std::uint8_t { gzip, deflate, brotli, zstd };

/// Decompresses a text that comes in chunks, in pieces of at most kPiece bytes, so that it takes the same
/// memory whatever the text becomes. One thread at a time.
///
/// Several gzip members or zstd frames one behind the other are one text. `deflate` is either of the two
/// formats that servers mean by it, RFC 1950's and RFC 1951's. Checksums are checked. bad_response for what
/// is not so compressed.
class Decompressor {
 public:
  static constexpr std::size_t kPiece = 64 * 1024;

  [[nodiscard]] static std::unique_ptr<Decompressor> make(Compression kind);
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  virtual ~Decompressor() = default;

  /// The chunk stays where it is until `next` has given nothing.
  virtual void feed(std::string_view chunk) noexcept = 0;
  /// The next piece, valid until the next call; empty: all of the chunk is used up.
  [[nodiscard]] virtual Result<std::string_view> next() = 0;
  /// Whether what was fed ends where a compressed text may end.
  [[nodiscard]] virtual bool complete() const noexcept = 0;

 protected:
  Decompressor() = default;
};

}  // namespace leat::io
