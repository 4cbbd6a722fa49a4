#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// How a body is to be parsed.
enum class Markup : std::uint8_t { html, xml };

/// HTML or XML, as the content type says. If it names neither, or there is none, a body that starts with
/// "<?xml" is XML. XHTML is read as HTML, since that is how people write it.
[[nodiscard]] Markup markup_of(std::string_view content_type, std::string_view body);

/// A body as UTF-8. Bytes that are no character become U+FFFD.
///
/// Its encoding is what a byte order mark says, else the content type's charset, else <meta charset> in the
/// first 1024 bytes or an XML declaration's encoding, in HTML that has no <meta charset> as well. Without any
/// of these, or if no encoding has that name, it is UTF-8 if all of it is, and else windows-1252, as for a
/// browser (WHATWG Encoding and HTML 13.2.3). Names mean what they mean to a browser: latin1 is windows-1252.
class Utf8Body {
 public:
  /// Refers to `body` if that is valid UTF-8 already.
  Utf8Body(std::string_view body, std::string_view content_type, Markup markup);
  /// JSON is UTF-8 (RFC 8259, 8.1) unless the content type or a byte order mark says something else. What is
  /// no UTF-8 then stays for the parser.
  Utf8Body(std::string_view json, std::string_view content_type);
  Utf8Body(const Utf8Body&) = delete;
  Utf8Body& operator=(const Utf8Body&) = delete;

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// Whether the text is this object's own, and not a part of the body.
  [[nodiscard]] bool is_converted() const noexcept { return !converted_.empty(); }

 private:
  void read_as(const char* from);

  std::string converted_;
  std::string_view text_;
};

/// A text that comes in chunks, as UTF-8. Its encoding is what a byte order mark says, else the content
/// type's charset. Without these, or if no encoding has that name, its bytes stay as they are.
class Utf8Stream {
 public:
  explicit Utf8Stream(std::string_view content_type);
  Utf8Stream(Utf8Stream&&) noexcept;
  Utf8Stream& operator=(Utf8Stream&&) noexcept;
  ~Utf8Stream();

  /// Converts the chunk in place. A part of a character at its end is held back until the next chunk; at the
  /// end of the text it becomes U+FFFD.
  void convert(std::string& chunk, bool is_last);
  /// Whether the encoding is known, so that nothing is to be guessed. Not before the first chunk.
  [[nodiscard]] bool is_known() const noexcept { return known_; }

 private:
  class Encoding;
  const char* labelled_;  // by the content type
  std::string held_;
  std::unique_ptr<Encoding> encoding_;  // none: bytes stay as they are
  bool begun_ = false;
  bool known_ = false;
};

}  // namespace leat::pipelines
