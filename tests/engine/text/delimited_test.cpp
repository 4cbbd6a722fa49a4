#include "engine/text/delimited.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "engine/text/csv_reader.hpp"

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
  CHECK(row(Delimited::tsv, {"a b", "c\td", "e\nf\r", "g\\h", "i \"j\""}) ==
        "a b\tc\\td\te\\nf\\r\tg\\\\h\ti \"j\"\n");
  CHECK(row(Delimited::tsv, {"\"k\" l", "\"", "m"}) == "\"\"\"k\"\" l\"\t\"\"\"\"\tm\n");
  CHECK(row(Delimited::tsv, {"", ""}) == "\t\n");
  CHECK(row(Delimited::tsv, {""}) == "\"\"\n");
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

TEST_CASE("RowText: rows that it has written are read back as they were") {
  const std::vector<std::string> values{"plain", "\"Foo\" bar", "a\tb\\c", "\"open", "two\nlines\r", "", "\\",
                                        "\\t",   "C:\\temp",    "a;b,c",   "\"\"",   "\"a\nb\t\\n"};
  for (const auto format : {Delimited::csv, Delimited::tsv}) {
    std::string out = row(format, {"url", "t"});
    for (const auto& value : values) out += row(format, {"http://h/", value}) + row(format, {value, value});
    CsvReader reader(1000, format == Delimited::csv ? ',' : '\t');
    reader.feed(out);
    REQUIRE(reader.next());
    for (const auto& value : values) {
      const auto first = reader.next();
      REQUIRE(first);
      CHECK(std::string(first->fields[1]) == value);
      const auto second = reader.next();
      REQUIRE(second);
      CHECK(std::string(second->fields[0]) == value);
      CHECK(std::string(second->fields[1]) == value);
    }
    CHECK_FALSE(reader.finish());
  }
}
