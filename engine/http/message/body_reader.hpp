#pragma once

#include <cstdint>
#include <string_view>

#include "engine/error.hpp"
#include "engine/http/message/body_decoder.hpp"
#include "engine/http/message/chunk_reader.hpp"
#include "engine/http/message/response.hpp"

namespace leat::http {

/// Gives the failure of a body that is larger than `max_size`. It names max-size without dashes or '=', since
/// commands and specs write it differently.
[[nodiscard]] Error too_large_error(std::uint64_t max_size);

/// Gives the body of one response to a BodySink: takes chunks and codings off what comes over the wire,
/// counts the bytes and keeps them within max-size. libcurl is told to leave all that alone. One thread at
/// a time.
class BodyReader {
 public:
  /// `compressed` says that the codings of the content are taken off, too. `max_size` is for the decoded
  /// body; 0 means any size.
  BodyReader(bool compressed, std::uint64_t max_size) noexcept
      : compressed_(compressed), max_size_(max_size) {}

  /// Call it before each request. The sink must outlive what is read.
  void start(BodySink& sink) noexcept;
  /// The head that was there and its body were not the answer: another one follows, for the same sink.
  void start_again() noexcept { start(*sink_); }
  /// Starts the body that follows that head, and tells the sink about the head.
  [[nodiscard]] Status begin(const ResponseHead& head);
  /// Starts a body that nobody wants: it is only counted.
  void skip(const ResponseHead& head) noexcept;

  /// Asks the sink: see BodySink.
  [[nodiscard]] bool is_full(PausableTransfer& transfer) { return !skipped_ && sink_->is_full(transfer); }
  [[nodiscard]] Status take(std::string_view bytes);
  /// Call it at the end of the connection or the message. Says what is wrong with a body that libcurl takes
  /// for whole.
  [[nodiscard]] Status finish() const { return decoder_.is_active() ? decoder_.finish() : std::nullopt; }

  /// Gives the bytes of the body so far, without chunk sizes and trailers.
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
  /// Says whether the body is chunked and its last chunk has come.
  [[nodiscard]] bool has_last_chunk() const noexcept { return chunked_ && chunks_.is_done(); }

 private:
  Status decode(std::string_view bytes);
  Status pass_on(std::string_view bytes);

  bool compressed_;
  bool chunked_ = false;
  bool skipped_ = false;
  std::uint64_t max_size_;
  std::uint64_t received_ = 0;
  std::uint64_t decoded_ = 0;  // decoded bytes that the sink got; the same as received_ if nothing is encoded
  BodySink* sink_ = nullptr;
  ChunkReader chunks_;
  BodyDecoder decoder_;
};

}  // namespace leat::http
