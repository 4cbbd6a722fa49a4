#include "engine/text/delimited.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace leat::text;

namespace {

std::string row(Delimited format, std::initializer_list<std::string_view> fields) {
  std::string out;
  RowText text(format, out);
  for (const auto field : fields) text.field(field);
  text.end();
  return out;
}

}  // namespace

TEST_CASE("RowText: CSV quotes a value that contains a comma, a quote or a line end") {
  CHECK(row(Delimited::csv, {"a", "b c", "é"}) == "a,b c,é\n");
  CHECK(row(Delimited::csv, {"a,b", "say \"x\"", "1\n2", "\r"}) ==
        "\"a,b\",\"say \"\"x\"\"\",\"1\n2\",\"\r\"\n");
  CHECK(row(Delimited::csv, {"", "", ""}) == ",,\n");
  CHECK(row(Delimited::csv, {""}) == "\"\"\n");
}

TEST_CASE("RowText: TSV escapes characters that would end a field") {
  CHECK(row(Delimited::tsv, {"a b", "c\td", "e\nf\r", "g\\h", "\"i\""}) ==
        "a b\tc\\td\te\\nf\\r\tg\\\\h\t\"i\"\n");
  CHECK(row(Delimited::tsv, {""}) == "\n");
}

TEST_CASE("RowText: rows are written one after the other") {
  std::string out;
  RowText text(Delimited::csv, out);
  text.field("a");
  text.end();
  text.field("b");
  text.field("c");
  text.end();
  CHECK(out == "a\nb,c\n");
}
