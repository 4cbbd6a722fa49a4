#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/http/message/response.hpp"
#include "engine/io/decompressor.hpp"

namespace leat::http {

/// Takes the codings off a body: those of its transfer except the chunks (RFC 9112, 7.2), which are gzip and
/// deflate, and those of its content (RFC 9110, 8.4), which are gzip, deflate, br and zstd; at most five of
/// them.
///
/// This takes the place of libcurl's own decoding, because 7.88 takes a compressed body that is cut short for
/// a whole one, and 8.14 refuses a transfer coding that it has not asked for. One thread at a time.
class BodyDecoder {
 public:
  BodyDecoder() = default;

  /// Starts anew for a response with that head. `content` says that the codings of the content are taken off,
  /// too. The error is bad_response for a coding that is none of these, and for too many codings. Words that
  /// servers send although they are no codings (none, a charset, binary, aws-chunked) change nothing.
  [[nodiscard]] Status begin(const ResponseHead& head, bool content);
  /// Says whether there is anything to take off.
  [[nodiscard]] bool is_active() const noexcept { return !layers_.empty(); }

  /// Gives what `bytes` decode to to `take(std::string_view)`, piece by piece, until that returns an Error.
  template <class Take>
  [[nodiscard]] Status decode(std::string_view bytes, Take&& take) {
    started_ = true;
    return pass(0, bytes, take);
  }
  /// Call it at the end of the body. Gives bad_response if it is cut short.
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
