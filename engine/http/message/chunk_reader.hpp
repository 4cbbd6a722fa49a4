#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::http {

/// Takes the chunks off a body (RFC 9112, 7.1).
///
/// This takes the place of libcurl's own reader. libcurl reads a size of "0x3" as 0 and "5 or so" as 5, and
/// takes any number of CRs for a line end, so that it gives a part of such a body for a whole one. The bytes
/// may come in any pieces. A bare LF ends a line, as in libcurl, but not a line of a chunk whose other line
/// ends in CR LF: there the CR would be the last byte of a chunk with a wrong size. Extensions and trailers
/// are checked and dropped. A value; one thread.
class ChunkReader {
 public:
  /// Call it before each body.
  void start() noexcept;

  /// Gives the content of `bytes` to `take(std::string_view)`, piece by piece, until that returns an Error.
  /// The error is bad_response if they are no chunks, and header_too_large if a line or the trailers have no
  /// end. What stands behind the last chunk is left alone.
  template <class Take>
  [[nodiscard]] Status feed(std::string_view bytes, Take&& take) {
    while (!bytes.empty() && place_ != Place::end) {
      if (place_ != Place::data) {
        if (Status wrong = take_line(bytes)) return wrong;
        continue;
      }
      const auto piece =
          bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
      left_ -= piece.size();
      bytes.remove_prefix(piece.size());
      if (left_ == 0) place_ = Place::data_end;
      if (Status refused = take(piece)) return refused;
    }
    return std::nullopt;
  }
  /// Says whether the last chunk and the trailers have come.
  [[nodiscard]] bool is_done() const noexcept { return place_ == Place::end; }

 private:
  enum class Place : std::uint8_t { size, data, data_end, trailers, end };

  Status take_line(std::string_view& bytes);
  Status take_whole_line(std::string_view line);
  Status take_size(std::string_view line);

  std::string cut_;           // the beginning of a line that has not ended yet
  std::uint64_t left_ = 0;    // bytes left of the chunk
  std::size_t trailers_ = 0;  // bytes
  Place place_ = Place::size;
  bool bare_ = false;  // the line with the chunk's size ended in a bare LF
};

}  // namespace leat::http
