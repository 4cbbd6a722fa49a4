#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipelines/record/checksum.hpp"

namespace leat::pipelines {

/// One line of a list of checksums.
struct ListedSum {
  std::string name;             // empty: the line has only a digest
  std::optional<Checksum> sum;  // nothing: it is of a kind that is not known here
};

/// Reads a line as sha256sum and its like, shasum, `md5 -r`, `openssl dgst` and BSD's md5 print it: `HEX
/// NAME` with any blanks between and one mark (`*`, `?`, `^`) before the name, `SHA256 (NAME) = HEX`,
/// `SHA2-256(NAME)= HEX`, or a HEX alone. Gives nothing for any other line. A name that says standard input
/// ("-", "stdin") is none.
[[nodiscard]] std::optional<ListedSum> read_checksum_line(std::string_view line);

/// The lines of a list that may say something: without a byte order mark, line ends, blank lines, comments,
/// and what a signature in the clear puts around its text (RFC 9580, 7). Nobody checks the signature.
class ChecksumLines {
 public:
  explicit ChecksumLines(std::string_view text) noexcept;
  /// The next line; nothing at the end. `number` is its number then, from 1.
  [[nodiscard]] std::optional<std::string_view> next();
  [[nodiscard]] std::size_t number() const noexcept { return number_; }

 private:
  enum class Part : unsigned char { plain, armor_head, signed_text, signature };

  bool is_frame(std::string_view line) noexcept;

  std::string_view rest_;
  std::size_t number_ = 0;
  Part part_ = Part::plain;
};

}  // namespace leat::pipelines
