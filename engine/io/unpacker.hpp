#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/error.hpp"
#include "engine/io/decompressor.hpp"
#include "engine/io/unpacked_reader.hpp"

namespace leat::io {

/// Unpacks a text that comes in chunks, if it begins as a packed one does; see UnpackedReader for those. Any
/// other text goes through as it comes. The error is bad_response. One thread at a time.
class Unpacker {
 public:
  /// Gives what the bytes unpack to to `take(std::string_view)`, piece by piece, until that returns an Error.
  /// A beginning that may still become one of a packed text waits for its next byte.
  template <class Take>
  [[nodiscard]] Status write(std::string_view bytes, Take&& take) {
    if (begun_) return pass(bytes, take);
    if (start_.empty() && !may_become_packed(bytes)) return begin(bytes, take);
    start_ += bytes;
    if (may_become_packed(start_)) return std::nullopt;
    const std::string start = std::exchange(start_, {});
    return begin(start, take);
  }
  /// At the end of the text: gives what was held back. It is an error if a packed text is cut short.
  template <class Take>
  [[nodiscard]] Status finish(Take&& take) {
    if (!begun_) return begin(start_, take);
    if (unpacking_ == nullptr || unpacking_->complete()) return std::nullopt;
    return Error(Errc::bad_response, "the compressed body is cut short");
  }

 private:
  template <class Take>
  Status begin(std::string_view start, Take& take) {
    begun_ = true;
    if (const auto kind = compression_of(start)) unpacking_ = Decompressor::make(*kind);
    return pass(start, take);
  }
  template <class Take>
  Status pass(std::string_view bytes, Take& take) {
    if (unpacking_ == nullptr) return bytes.empty() ? std::nullopt : take(bytes);
    unpacking_->feed(bytes);
    for (;;) {
      auto piece = unpacking_->next();
      if (!piece) return std::move(piece.error());
      if (piece->empty()) return std::nullopt;
      if (auto error = take(*piece)) return error;
    }
  }

  std::string start_;  // until it is known what that is
  std::unique_ptr<Decompressor> unpacking_;
  bool begun_ = false;
};

}  // namespace leat::io
