#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.hpp"

namespace leat::load {

class BodyWatch;

/// Finds out where HTTP/1.x responses end (RFC 9112), from bytes that come in any pieces; bodies are counted,
/// and not kept.
///
/// Bytes that are not a response are an error and are never guessed at: bad_response, header_too_large or
/// truncated. Where the RFC leaves a choice, this makes the same one as libcurl, so that full transfers count
/// the same: a bare LF ends a line, a folded line is accepted, Transfer-Encoding counts more than
/// Content-Length, equal Content-Lengths count as one, also within one field, and several blanks in a status
/// line are read. A blank line before a response, which some servers send behind a body, is passed over (RFC
/// 9112, 2.2). The result depends on the bytes alone, not on how they are split. A line that is cut is
/// kept until its rest comes; nothing else is kept. It is a value, for one thread.
class ResponseParser {
 public:
  enum class State : std::uint8_t { more, done, failed };

  static constexpr std::size_t kMaxLine = 100 * 1024;
  static constexpr std::size_t kMaxHead = 256 * 1024;  // all lines of one head, or of the trailers
  static constexpr int kMaxInformational = 64;
  static constexpr int kMaxBlankLines = 8;  // before one response

  /// Is called before each response; `to_head` says that it answers a HEAD. `watch` is given the body; it may
  /// be null.
  void start(bool to_head, BodyWatch* watch = nullptr) noexcept;

  /// Takes bytes until the response is done; the bytes that are left do not belong to it.
  State feed(std::string_view& bytes);
  /// The connection has ended: `done` if that ends the body. `cut` says that it was encrypted and ended
  /// without close_notify, so a body that nothing else ends is truncated (RFC 9112, 9.8).
  State end_of_stream(bool cut = false);

  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] std::uint64_t body_bytes() const noexcept { return body_bytes_; }
  /// Says, once done, whether another request may be sent on this connection.
  [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_ && framing_ != Framing::until_close; }
  /// True if any byte of a response has come since `start`; a blank line before it is none.
  [[nodiscard]] bool begun() const noexcept { return begun_; }

  /// Says, once failed, what was wrong.
  [[nodiscard]] Errc fault() const noexcept { return fault_; }
  [[nodiscard]] const char* message() const noexcept { return message_; }

 private:
  enum class Place : std::uint8_t {
    status_line,
    fields,
    body,
    chunk_size,
    chunk_data,
    chunk_end,
    trailers,
    done,
    failed
  };
  enum class Framing : std::uint8_t { none, length, chunked, until_close };

  State fail(Errc code, const char* message) noexcept;
  State take_lines(std::string_view& bytes);
  void take_body(std::string_view& bytes) noexcept;
  bool take_line(std::string_view line);
  bool take_status_line(std::string_view line);
  bool take_field(std::string_view line);
  bool take_length(std::string_view value);
  bool take_encoding(std::string_view value);
  void take_connection(std::string_view value) noexcept;
  bool take_chunk_size(std::string_view line);
  bool take_chunk_end(std::string_view line);
  bool end_of_head();
  void new_head() noexcept;
  [[nodiscard]] State state() const noexcept;

  std::string cut_;         // the beginning of a line whose end has not come
  std::uint64_t left_ = 0;  // what is left of the body, or of the chunk
  std::uint64_t length_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::size_t head_bytes_ = 0;
  const char* message_ = "";
  BodyWatch* watch_ = nullptr;
  int status_ = 0;
  int informational_ = 0;
  int blank_lines_ = 0;
  Place place_ = Place::status_line;
  Framing framing_ = Framing::none;
  Errc fault_ = Errc::bad_response;
  bool to_head_ = false;
  bool begun_ = false;
  bool keep_alive_ = false;
  bool has_length_ = false;
  bool has_encoding_ = false;
  bool chunked_ = false;      // the last transfer coding so far
  bool may_fold_ = false;     // the line before was a field that decides nothing
  bool old_version_ = false;  // HTTP/1.0
};

}  // namespace leat::load
