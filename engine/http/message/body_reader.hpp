#pragma once

#include <cstdint>
#include <string_view>

#include "engine/error.hpp"
#include "engine/http/message/body_decoder.hpp"
#include "engine/http/message/chunk_reader.hpp"
#include "engine/http/message/response.hpp"

namespace leat::http {

/// Gives one response's body, as it stands on the wire, to a BodySink: takes chunks and codings off, counts
/// it and keeps it within --max-size. libcurl is told to leave all that alone. One thread at a time.
class BodyReader {
 public:
  /// `compressed`: codings of the content are taken off, too. `max_size` bounds the decoded body; 0: no
  /// bound.
  BodyReader(bool compressed, std::uint64_t max_size) noexcept
      : compressed_(compressed), max_size_(max_size) {}

  /// Is called before each request. The sink outlives what is read.
  void start(BodySink& sink) noexcept;
  /// Begins the body behind that head, and tells the sink of it.
  [[nodiscard]] Status begin(const ResponseHead& head);
  /// Begins a body that nobody wants: it is only counted.
  void skip(const ResponseHead& head) noexcept;

  [[nodiscard]] Status take(std::string_view bytes);
  /// Says, at the end of the connection or message, what is wrong with a body that libcurl takes for whole.
  [[nodiscard]] Status finish() const { return decoder_.is_active() ? decoder_.finish() : std::nullopt; }

  /// How many bytes of the body have come, without the framing of its chunks.
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
  /// Whether the body is chunked and its last chunk has come.
  [[nodiscard]] bool has_last_chunk() const noexcept { return chunked_ && chunks_.is_done(); }

 private:
  Status decode(std::string_view bytes);
  Status pass_on(std::string_view bytes);

  bool compressed_;
  bool chunked_ = false;
  bool skipped_ = false;
  std::uint64_t max_size_;
  std::uint64_t received_ = 0;
  std::uint64_t decoded_ = 0;  // of them, given to the sink; as many where nothing is encoded
  BodySink* sink_ = nullptr;
  ChunkReader chunks_;
  BodyDecoder decoder_;
};

}  // namespace leat::http
