#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat::io {

/// What the names of unfinished files and of the notes beside them end in.
inline constexpr std::string_view kPartSuffix = ".part";
inline constexpr std::string_view kNoteSuffix = ".resume";

/// What the unfinished file of that name is called: NAME.part. A name for which that or the note's name would
/// be longer than 255 bytes is cut between two characters, and a hash makes up for what is cut.
[[nodiscard]] std::string part_name(std::string_view name);
/// What the note beside that is called: NAME.part.resume.
[[nodiscard]] std::string note_name(std::string_view name);

/// The note that stands beside a `.part` so that another run may continue it: what it is a part of, and how
/// much of it is there.
///
/// Its text is lines of a name and a value, and the last line is "end"; a text that was cut short by a kill
/// is no note. It holds no URL, which may hold a secret, but a digest of it. Values have no line ends.
struct PartNote {
  /// A stretch of the body; its first `done` bytes are there.
  struct Piece {
    std::uint64_t first = 0;
    std::uint64_t size = 0;
    std::uint64_t done = 0;
  };
  static constexpr std::size_t kMostPieces = 64;

  std::string source;                  // digest of what was asked for
  std::string version;                 // for If-Range: a strong ETag or a date
  std::optional<std::uint64_t> total;  // bytes of the whole body, if known
  std::vector<Piece> pieces;           // empty if the .part is written from its start to its end

  [[nodiscard]] std::string text() const;
  static std::optional<PartNote> parse(std::string_view text);
};

}  // namespace leat::io
