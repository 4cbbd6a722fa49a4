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
///
/// Most heads of a server are the same bytes until its clock's next second. So one that is there whole is
/// compared with the last one first, and read only if it differs: see `KnownHead`.
class ResponseParser {
 public:
  enum class State : std::uint8_t { more, done, failed };
  class KnownHead;

  static constexpr std::size_t kMaxLine = 100 * 1024;
  static constexpr std::size_t kMaxHead = 256 * 1024;  // all lines of one head, or of the trailers
  static constexpr int kMaxInformational = 64;
  static constexpr int kMaxBlankLines = 8;  // before one response

  /// Is called before each response; `to_head` says that it answers a HEAD. `watch` is given the body.
  /// `known` is what this and other parsers of the thread have read before; it outlives the response. Both
  /// may be null.
  void start(bool to_head, BodyWatch* watch = nullptr, KnownHead* known = nullptr) noexcept;

  /// Takes bytes until the response is done; the bytes that are left do not belong to it.
  State feed(std::string_view& bytes);
  /// The connection has ended: `done` if that ends the body. `cut` says that it was encrypted and ended
  /// without close_notify, so a body that nothing else ends is truncated (RFC 9112, 9.8).
  State end_of_stream(bool cut = false);

  [[nodiscard]] int status() const noexcept { return now_.status; }
  [[nodiscard]] std::uint64_t body_bytes() const noexcept { return body_bytes_; }
  /// Says, once done, whether another request may be sent on this connection.
  [[nodiscard]] bool keep_alive() const noexcept {
    return now_.keep_alive && now_.framing != Framing::until_close;
  }
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

  /// What is known after a head, and decides how the response goes on.
  struct Meaning {
    std::uint64_t left = 0;  // what is left of the body, or of the chunk
    int status = 0;
    Place place = Place::status_line;
    Framing framing = Framing::none;
    bool keep_alive = false;
  };

  State fail(Errc code, const char* message) noexcept;
  void learn_head(std::string_view& bytes);
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
  [[nodiscard]] bool is_in_head() const noexcept {
    return now_.place == Place::status_line || now_.place == Place::fields;
  }
  [[nodiscard]] State state() const noexcept {
    if (now_.place == Place::done) return State::done;
    return now_.place == Place::failed ? State::failed : State::more;
  }

  Meaning now_;
  std::string cut_;  // the beginning of a line whose end has not come
  std::uint64_t length_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::size_t head_bytes_ = 0;
  const char* message_ = "";
  BodyWatch* watch_ = nullptr;
  KnownHead* known_ = nullptr;
  int informational_ = 0;
  int blank_lines_ = 0;
  Errc fault_ = Errc::bad_response;
  bool to_head_ = false;
  bool begun_ = false;
  bool has_length_ = false;
  bool has_encoding_ = false;
  bool chunked_ = false;      // the last transfer coding so far
  bool may_fold_ = false;     // the line before was a field that decides nothing
  bool old_version_ = false;  // HTTP/1.0
};

/// The last head that came in one piece, with what it means. It is a value, for the parsers of one thread.
class ResponseParser::KnownHead {
 public:
  /// Whether these bytes begin with it, where they would mean the same.
  [[nodiscard]] bool begins(std::string_view bytes, bool to_head) const noexcept {
    return !text_.empty() && to_head == to_head_ && bytes.starts_with(text_);
  }

 private:
  friend class ResponseParser;
  static constexpr std::size_t kMost = 4096;  // a longer one is not kept

  void keep(std::string_view text, bool to_head, const Meaning& meaning);

  std::string text_;
  Meaning meaning_;
  bool to_head_ = false;
};

}  // namespace leat::load
