#include "engine/text/delimited.hpp"

namespace leat::text {

namespace {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kFrom = "\t\n\r\\";
  constexpr std::string_view kTo = "tnr\\";
  for (const char c : text) {
    if (const auto at = kFrom.find(c); at != kFrom.npos) {
      out += '\\';
      out += kTo[at];
    } else {
      out += c;
    }
  }
}

}  // namespace

void RowText::field(std::string_view text) {
  if (fields_++ > 0) out_ += format_ == Delimited::csv ? ',' : '\t';
  blank_ = blank_ && text.empty();
  const bool is_csv = format_ == Delimited::csv;
  if (is_csv ? text.find_first_of(",\"\r\n") != text.npos : text.starts_with('"')) {
    append_quoted(out_, text);
  } else if (is_csv) {
    out_ += text;
  } else {
    append_escaped(out_, text);
  }
}

void RowText::end() {
  if (fields_ == 1 && blank_) out_ += "\"\"";
  out_ += '\n';
  fields_ = 0;
  blank_ = true;
}

}  // namespace leat::text
