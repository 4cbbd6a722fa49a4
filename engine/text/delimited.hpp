#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leat::text {

/// How the fields of a row stand on a line.
enum class Delimited : std::uint8_t {
  csv,  // RFC 4180: quoted where a comma, a quote or the end of a line is in it; lines end in "\n"
  tsv   // a tab between fields; in them \t \n \r and \\ for a tab, the ends of a line and a backslash; one
        // that begins with a quote is quoted as in CSV, since readers take it for that
};

/// Writes rows, which CsvReader reads back as they were. A row of one empty field is `""`, so that it is not
/// a blank line.
class RowText {
 public:
  RowText(Delimited format, std::string& out) noexcept : format_(format), out_(out) {}

  void field(std::string_view text);
  void end();

 private:
  Delimited format_;
  std::string& out_;
  unsigned fields_ = 0;
  bool blank_ = true;
};

}  // namespace leat::text
