#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// How a body is to be read.
enum class Markup : std::uint8_t { html, xml };

/// HTML or XML, by the content type, and where that names neither (or there is none) by how the body starts:
/// "<?xml" is XML. XHTML is read as HTML, as people write it.
[[nodiscard]] Markup markup_of(std::string_view content_type, std::string_view body);

/// A body as UTF-8. What is no character becomes U+FFFD.
///
/// Its encoding is what a byte order mark says, else the content type's charset, else <meta charset> in the
/// first 1024 bytes, or an XML declaration's encoding; else, and where the name is unknown, UTF-8 (WHATWG
/// Encoding and HTML 13.2.3, but no guessing). Names mean what they mean to a browser: latin1 is
/// windows-1252.
class Utf8Body {
 public:
  /// Refers to `body` where that is valid UTF-8 already.
  Utf8Body(std::string_view body, std::string_view content_type, Markup markup);
  Utf8Body(const Utf8Body&) = delete;
  Utf8Body& operator=(const Utf8Body&) = delete;

  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  std::string converted_;
  std::string_view text_;
};

}  // namespace leat::pipelines
