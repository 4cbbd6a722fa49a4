#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tests/support/origin/body_source.hpp"
#include "tests/support/origin/request.hpp"

namespace leat::origin {

/// How the client learns where the body ends.
enum class Framing {
  length,   // by Content-Length
  chunked,  // by chunks; for an HTTP/1.0 client, by the end of the connection
  coded,    // by chunks, which the body contains already
  close,    // by the end of the connection
  raw,      // there is no head: only the body is sent, and then the connection closes
  none,     // nothing is sent at all
};

/// What happens to the connection afterwards.
enum class Ending { keep, close, reset, hang };

inline constexpr std::string_view kTextType = "text/plain; charset=utf-8";
inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kHtmlType = "text/html; charset=utf-8";
inline constexpr std::string_view kBinaryType = "application/octet-stream";

/// What a route answers.
///
/// The route fills it in, prepare() completes it, and the connection reads it. The body is `body`, then all
/// of `source`, then `tail`; the first `cut_after` bytes of that are sent. clear() keeps the memory, so small
/// answers allocate nothing.
class Response {
 public:
  int status = 200;
  std::string_view content_type = kTextType;  // must live as long as the request does
  std::string headers;                        // further lines, each with its line end
  Framing framing = Framing::length;
  Ending ending = Ending::keep;
  std::string body;
  std::unique_ptr<BodySource> source;
  std::uint64_t source_length = 0;
  std::string tail;
  std::uint64_t chunk_size = ChunkedBody::kMaxChunk;
  std::uint64_t cut_after = kEndless;
  std::uint64_t delay_us = 0;             // before anything is sent
  std::optional<std::uint64_t> timed_as;  // its place in the Timings
  std::uint64_t drip_ms = 0;              // between two bytes of the body; 0: no pause

  void clear();
  void text(int code, std::string_view content, std::string_view type = kTextType);
  void stream(std::unique_ptr<BodySource> content, std::uint64_t length, std::string_view type = kBinaryType);
  void raw(std::string_view bytes);  // a complete answer with its head, after which the connection closes
  void header(std::string_view name, std::string_view value);  // line ends and NUL in it become blanks
  void cut(std::uint64_t bytes, Ending then) noexcept;

  [[nodiscard]] std::uint64_t length() const noexcept;

  /// How much of the body is still to be sent, at most.
  [[nodiscard]] std::uint64_t left() const noexcept;

  /// Fits the answer to its request (version, HEAD, keep-alive) and appends its head to `out`.
  void prepare(const Request& request, std::string& out);

  /// Gives the next bytes of the body; 0 means that there are no more.
  [[nodiscard]] std::size_t read(std::span<char> room);

  /// Appends the whole body at once, if it is only text.
  [[nodiscard]] bool append_text_body(std::string& out);

 private:
  void append_head(const Request& request, std::string& out) const;
  std::size_t read_text(std::string_view text, std::span<char> room);

  std::uint64_t sent_ = 0;
  std::size_t position_ = 0;  // the place in the body, or after it in tail
  enum class Part { body, source, tail, end } part_ = Part::body;
};

/// The phrase of the status code, or "Status" if it has none.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

}  // namespace leat::origin
