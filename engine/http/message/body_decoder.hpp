#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/http/message/response.hpp"
#include "engine/io/decompressor.hpp"

namespace leat::http {

/// Takes the codings off a body: those of its transfer but for the chunks (RFC 9112, 7.2), gzip and deflate,
/// and those of its content (RFC 9110, 8.4), gzip, deflate, br and zstd; at most five of them.
///
/// In place of libcurl's own, since 7.88 takes a compressed body that is cut short for a whole one, and 8.14
/// refuses a transfer coding that it has not asked for. One thread at a time.
class BodyDecoder {
 public:
  BodyDecoder() = default;

  /// Begins the body of a response with that head, and forgets the one before. `content`: the codings of the
  /// content are taken off, too. Gives bad_response for any other coding, and for too many. Words that
  /// servers write there although they are no coding (none, a charset, binary, aws-chunked) change nothing.
  [[nodiscard]] Status begin(const ResponseHead& head, bool content);
  /// Whether there is anything to take off.
  [[nodiscard]] bool is_active() const noexcept { return !layers_.empty(); }

  /// Gives what becomes of `bytes` to `take(std::string_view)`, piece by piece, until that returns an Error.
  template <class Take>
  [[nodiscard]] Status decode(std::string_view bytes, Take&& take) {
    started_ = true;
    return pass(0, bytes, take);
  }
  /// Is called at the end of the body: bad_response if it is cut short.
  [[nodiscard]] Status finish() const;

 private:
  template <class Take>
  Status pass(std::size_t layer, std::string_view bytes, Take& take) {
    if (layer == layers_.size()) return take(bytes);
    layers_[layer]->feed(bytes);
    for (;;) {
      auto piece = layers_[layer]->next();
      if (!piece) return std::move(piece.error());
      if (piece->empty()) return std::nullopt;
      if (auto error = pass(layer + 1, *piece, take)) return error;
    }
  }

  std::vector<std::unique_ptr<io::Decompressor>> layers_;  // the outermost first
  bool started_ = false;
};

}  // namespace leat::http
