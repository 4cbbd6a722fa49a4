#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat::io {

/// What stands beside a `.part` so that another run may go on with it: what it is a part of, and how much of
/// it is there.
///
/// Its text is lines of a name and a value, the last one "end": what was cut short by a kill is no note. It
/// names no URL, which may hold a secret, but a digest of it. Values have no line ends.
struct PartNote {
  /// A stretch of the body of which the first `done` bytes are there.
  struct Piece {
    std::uint64_t first = 0;
    std::uint64_t size = 0;
    std::uint64_t done = 0;
  };
  static constexpr std::size_t kMostPieces = 64;

  std::string source;                  // a digest of what was asked for
  std::string version;                 // what If-Range takes: a strong ETag or a date
  std::optional<std::uint64_t> total;  // bytes of the whole body, if known
  std::vector<Piece> pieces;           // empty: the .part is as long as what is there

  [[nodiscard]] std::string text() const;
  static std::optional<PartNote> parse(std::string_view text);
};

}  // namespace leat::io
