#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leat::text {

/// Turns a text that comes in chunks, as spreadsheets and other systems save it, into UTF-8 with "\n" or
/// "\r\n" at the ends of its lines.
///
/// A text that begins with the byte order mark of UTF-16 (as PowerShell 5 and Excel write it) is decoded
/// (RFC 2781); half of a surrogate pair becomes bytes that are no UTF-8, so that whoever reads the line can
/// say so. If the first line ends in a carriage return alone (as in Excel's "CSV (Macintosh)"), every
/// carriage return alone is made a newline. All else stays as it is; a text that needs neither is not copied.
class PlainText {
 public:
  /// Converts the chunk in place. A byte or two at its end may be held back until the next one, so that it
  /// can become empty before the text is at its end.
  void convert(std::string& chunk);
  /// What was held back, at the end of the text.
  [[nodiscard]] std::string finish();

 private:
  enum class Encoding : std::uint8_t { unknown, utf8, utf16_le, utf16_be };
  enum class LineEnd : std::uint8_t { unknown, newline, carriage_return };

  void decode(std::string& chunk);
  void end_lines(std::string& chunk);
  void append_unit(std::string& out, std::uint32_t unit);

  Encoding encoding_ = Encoding::unknown;
  LineEnd line_end_ = LineEnd::unknown;
  std::string held_bytes_;            // of the encoded text: of the mark, or half of a unit
  std::uint32_t high_ = 0;            // a high surrogate whose other half has not come yet
  std::size_t carriage_returns_ = 0;  // at the end of the chunk before: what they are depends on what follows
};

/// The same for a text that is all there.
[[nodiscard]] std::string plain_text(std::string text);

}  // namespace leat::text
