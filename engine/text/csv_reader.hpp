#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leat::text {

/// Cuts CSV (RFC 4180) that comes in chunks into rows: fields in quotes may hold commas, ends of lines and
/// doubled quotes; lines end in "\n" or "\r\n"; a BOM and blank lines are skipped, and so is a first line
/// such as `sep=;`, by which Excel is told the delimiter.
///
/// Between tabs, a field without quotes may hold \t \n \r and \\, as Delimited::tsv writes them. One with a
/// backslash before anything else stands for itself, such as C:\Users.
///
/// A row that is wrong comes with what is wrong with it, and reading goes on behind the line where that was
/// found. At most `limit` bytes of a row, as it stands, are held. (libcsv 3 has no such limit, and can't go
/// on.)
class CsvReader {
 public:
  struct Row {
    std::uint64_t line = 0;                    // where it starts, counted from 1
    std::span<const std::string_view> fields;  // valid until the next call; UTF-8
    std::string fault;                         // without position; empty: the row is good
    std::string_view source;                   // see keep_source; valid until the next call
    bool never_ends = false;                   // its last quote isn't closed: more text would belong to it
  };

  /// In place of a delimiter: that of the line `sep=`, or else the one of `,` `;` and tab that the first row
  /// has most of, outside of quotes.
  static constexpr char kFromFirstRow = '\0';

  explicit CsvReader(std::size_t limit, char comma = ',') noexcept : limit_(limit), comma_(comma) {}

  /// From now on rows come with their text as it stood, without its line end; read again it gives the same
  /// row. Empty where the row is longer than the limit.
  void keep_source() noexcept { keeps_source_ = true; }
  /// The line `sep=` that stood before the first row, with its end; empty if there was none.
  [[nodiscard]] const std::string& preamble() const noexcept { return preamble_; }

  /// The chunk stays where it is until `next` has given nothing.
  void feed(std::string_view chunk) {
    if (begun_) {
      rest_ = chunk;
      start_ = {};
    } else {
      start_ += chunk;
    }
  }
  /// Bytes of the chunk that were not looked at yet.
  [[nodiscard]] std::size_t unread() const noexcept { return rest_.size(); }
  /// The next row that ends in this chunk.
  std::optional<Row> next();
  /// Is called at the end of the text until it gives nothing: the rows that were held until then, and the
  /// last one if no line end closed it.
  std::optional<Row> finish();

 private:
  enum class State : std::uint8_t {
    start,      // of a field
    plain,      // in a field without quotes
    quoted,     // between quotes
    quote_end,  // behind a quote inside quotes: its end, or the first of two
    line_end,   // behind quotes and a carriage return
    skipping    // to the end of the line, after a fault
  };

  std::optional<Row> read_row();
  void begin();
  void skip_bom() noexcept;
  bool take(char c);
  bool end_row();
  void end_field();
  void note(std::string_view text);
  void fail(std::string why);
  void fail_behind_quotes();
  [[nodiscard]] bool is_blank() const noexcept;
  Row give();
  void forget_given() noexcept;

  std::size_t limit_;
  char comma_;
  std::string start_;  // of the text, until its first row is whole; then what rest_ may refer to
  std::string preamble_;
  std::string_view rest_;
  std::string text_;               // of the row's fields, one behind the other
  std::string source_;             // of the row, where it is kept
  std::size_t size_ = 0;           // of the row so far, in bytes of the input
  std::vector<std::size_t> ends_;  // where each of them ends
  std::vector<std::string_view> fields_;
  std::string fault_;
  std::uint64_t line_ = 1;      // that is read
  std::uint64_t row_line_ = 1;  // where the row started
  std::size_t bom_ = 0;         // bytes of it seen; its size when it was looked for
  State state_ = State::start;
  bool begun_ = false;         // the first row was looked at
  bool quotes_ = false;        // the row has some: it is not blank
  bool field_quotes_ = false;  // the field has
  bool open_ = false;          // the text has ended between them
  bool keeps_source_ = false;
  bool given_ = false;
};

}  // namespace leat::text
