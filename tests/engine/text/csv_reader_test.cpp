#include "engine/text/csv_reader.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "engine/text/delimited.hpp"

using namespace leat::text;

namespace {

std::string shown(const CsvReader::Row& row) {
  std::string out = std::to_string(row.line) + ":";
  if (!row.fault.empty()) return out + " fault: " + row.fault.substr(0, 20) + "\n";
  for (const auto field : row.fields) out += "[" + std::string(field) + "]";
  return out + "\n";
}

// The text in chunks of that many bytes, each in memory of its own.
std::string read(std::string_view text, std::size_t chunk = 1'000'000, std::size_t limit = 1000) {
  CsvReader reader(limit);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += chunk) {
    const std::string piece(text.substr(at, chunk));
    reader.feed(piece);
    while (const auto row = reader.next()) out += shown(*row);
  }
  if (const auto row = reader.finish()) out += shown(*row);
  CHECK_FALSE(reader.finish());
  return out;
}

}  // namespace

TEST_CASE("CsvReader: it reads fields, quotes and line ends") {
  CHECK(read("a,b\n1,2\n") == "1:[a][b]\n2:[1][2]\n");
  CHECK(read("a,b\r\n1,2\r\n") == "1:[a][b]\n2:[1][2]\n");
  CHECK(read("a,b") == "1:[a][b]\n");
  CHECK(read("a,b\r") == "1:[a][b]\n");
  CHECK(read(",\n,,\n") == "1:[][]\n2:[][][]\n");
  CHECK(read("\"a,b\",\"c\"\"d\",\"\"\n") == "1:[a,b][c\"d][]\n");
  CHECK(read("\"1\n2\r\n3\",x\r\ny\n") == "1:[1\n2\r\n3][x]\n4:[y]\n");
  CHECK(read("\"a\"\r\n\"b\"") == "1:[a]\n2:[b]\n");
  CHECK(read("a\"b,c d, e \n") == "1:[a\"b][c d][ e ]\n");
  CHECK(read("a\rb\n") == "1:[a\rb]\n");
  CHECK(read("a,b;\"x\n1,2;3\n4,\t\"5\n") == "1:[a][b;\"x]\n2:[1][2;3]\n3:[4][\t\"5]\n");
}

TEST_CASE("CsvReader: a BOM and blank lines are skipped, and lines are counted") {
  CHECK(read("\xEF\xBB\xBF"
             "a,b\n") == "1:[a][b]\n");
  CHECK(read("\xEF\xBB\xBF\"a\"\n") == "1:[a]\n");
  CHECK(read("\xEF\xBC\x81,b\n") == "1:[\xEF\xBC\x81][b]\n");
  CHECK(read("\n\r\na\n\n\nb\n\n") == "3:[a]\n6:[b]\n");
  CHECK(read("\"\"\n") == "1:[]\n");
  CHECK(read("").empty());
  CHECK(read("\xEF\xBB\xBF").empty());
}

TEST_CASE("CsvReader: a wrong row is given as wrong, and what follows is read") {
  CHECK(read("a\n\"b\"c,d\ne\n") == "1:[a]\n2: fault: a comma or the end o\n3:[e]\n");
  CHECK(read("a\n\"b\"\r\"c\ne\n") == "1:[a]\n2: fault: a comma or the end o\n3:[e]\n");
  CHECK(read("a\nb,\"c\nd\n") == "1:[a]\n2: fault: the quote that opens\n");
  CHECK(read("a\n\xFF,b\nc\n") == "1:[a]\n2: fault: is not UTF-8\n3:[c]\n");
  CHECK(read("a\n" + std::string(2000, 'x') + ",y\nb\n") == "1:[a]\n2: fault: the row is longer th\n3:[b]\n");
}

TEST_CASE("CsvReader: a row is given as it stood, good or not, however it is cut, unless it is too long") {
  const std::string text =
      "\xEF\xBB\xBF"
      "a,\"b\"\r\n\r\n\"1\n\"\"2\",\n\"x\"y,\"z\n" +
      std::string(20, 'l') + "\n,,,,,,,,,,,,,,,,,,,,\nb,\"c\n";
  const std::vector<std::string> wanted{"a,\"b\"", "\"1\n\"\"2\",", "\"x\"y,\"z", "", "", "b,\"c\n"};
  for (std::size_t chunk = 1; chunk < text.size(); ++chunk) {
    CAPTURE(chunk);
    CsvReader reader(16);
    reader.keep_source();
    std::vector<std::string> sources;
    for (std::size_t at = 0; at < text.size(); at += chunk) {
      const std::string piece = text.substr(at, chunk);
      reader.feed(piece);
      while (const auto row = reader.next()) {
        CHECK_FALSE(row->never_ends);
        sources.emplace_back(row->source);
      }
    }
    const auto last = reader.finish();
    REQUIRE(last);
    CHECK(last->never_ends);
    sources.emplace_back(last->source);
    CHECK(sources == wanted);
  }
}

TEST_CASE("CsvReader: a row's text gives the same row, also if its last field ends in carriage returns") {
  for (const std::string line : {"a,b\r", "a,b\r\r", "a\r\r\r", "\r\r", "\"a\",\"b\r\"\r"}) {
    CAPTURE(line);
    const auto fields_of = [](const std::string& text, std::string& source) {
      CsvReader reader(100);
      reader.keep_source();
      reader.feed(text);
      const auto row = reader.next();
      REQUIRE(row);
      source = row->source;
      return std::vector<std::string>(row->fields.begin(), row->fields.end());
    };
    std::string source;
    std::string again;
    const auto fields = fields_of(line + "\n", source);
    CHECK(fields_of(source + "\n", again) == fields);
    CHECK(again == source);
  }
}

TEST_CASE("CsvReader: it makes no difference where the chunks are cut") {
  const std::string text =
      "\xEF\xBB\xBF"
      "name,\"a \"\"q\"\"\"\r\n\r\n\"1\r\n2\",é\r\n\"x\"y,z\n" +
      std::string(1500, 'l') + "\nlast,\"\"";
  const auto whole = read(text);
  for (std::size_t chunk = 1; chunk < 40; ++chunk) {
    CAPTURE(chunk);
    CHECK(read(text, chunk) == whole);
  }
}

TEST_CASE("CsvReader: it reads what RowText writes") {
  std::mt19937 random(7);
  constexpr std::string_view kBytes = "ab,\"\n\r \t";
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> fields(1 + random() % 4);
    std::string text;
    RowText row(Delimited::csv, text);
    for (auto& field : fields) {
      for (auto left = random() % 5; left > 0; --left) field += kBytes[random() % kBytes.size()];
      row.field(field);
    }
    row.end();
    CAPTURE(text);
    CsvReader reader(1000);
    reader.feed(text);
    const auto read_back = reader.next();
    REQUIRE(read_back);
    CHECK(read_back->fault.empty());
    CHECK(std::vector<std::string>(read_back->fields.begin(), read_back->fields.end()) == fields);
    CHECK_FALSE(reader.next());
    CHECK_FALSE(reader.finish());
  }
}

TEST_CASE("CSV: a row that becomes too long by its line end takes no other line with it") {
  CsvReader reader(4);
  reader.feed("\"abcd\nx,y\n");
  const auto bad = reader.next();
  REQUIRE(bad);
  CHECK_FALSE(bad->fault.empty());
  const auto good = reader.next();
  REQUIRE(good);
  CHECK(good->fault.empty());
  CHECK(good->line == 2);
  CHECK(good->fields.size() == 2);
}

TEST_CASE("CsvReader: between tabs, fields may have escapes, unless a backslash stands for itself") {
  CsvReader reader(1000, '\t');
  reader.feed("a\\tb\tc\\\\d\t\"\\t\"\tC:\\Users\\temp\te\\\n");
  const auto row = reader.next();
  REQUIRE(row);
  CHECK(shown(*row) == "1:[a\tb][c\\d][\\t][C:\\Users\\temp][e\\]\n");
}

TEST_CASE("CsvReader: the delimiter is that of a line sep=, or what the first row has most of") {
  const auto rows = [](const std::string& text) {
    std::string all;
    for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
      CsvReader reader(1000, CsvReader::kFromFirstRow);
      std::string out;
      for (std::size_t at = 0; at < text.size(); at += chunk) {
        const std::string piece = text.substr(at, chunk);
        reader.feed(piece);
        while (const auto row = reader.next()) out += shown(*row);
      }
      while (const auto row = reader.finish()) out += shown(*row);
      if (chunk > 1) CHECK(out == all);
      all = out;
    }
    return all;
  };
  CHECK(rows("a;b\n1;2\n") == "1:[a][b]\n2:[1][2]\n");
  CHECK(rows("\xEF\xBB\xBF\r\n\na;b\n1;2") == "3:[a][b]\n4:[1][2]\n");
  CHECK(rows("a,b\n1;2,3\n") == "1:[a][b]\n2:[1;2][3]\n");
  CHECK(rows("\"a;;;\n\",b\n") == "1:[a;;;\n][b]\n");
  CHECK(rows("a\n1\n") == "1:[a]\n2:[1]\n");
  CHECK(rows("a\"b;c\n1;2\n") == "1:[a\"b][c]\n2:[1][2]\n");
  CHECK(rows("sep=|\r\na;b|c\r\n1|2\r\n") == "2:[a;b][c]\n3:[1][2]\n");
  CHECK(rows("\xEF\xBB\xBFsep=,\na,b\n") == "2:[a][b]\n");
  CHECK(rows("sep=;\n").empty());
  CHECK(rows("sep=\"\na,b\n") == "1:[sep=\"]\n2:[a][b]\n");  // no delimiter, nor is the next one
  CHECK(rows(std::string("sep=\0\na\n", 8)) == std::string("1:[sep=\0]\n2:[a]\n", 16));
  CHECK(rows("") == "");
  CHECK(rows("a,b;\"x\n1,2\n3,4\n") == "1:[a][b;\"x]\n2:[1][2]\n3:[3][4]\n");
  CHECK(rows("a;b;\"c d") == "1: fault: the quote that opens\n");
  CHECK(rows("a;b,\"c\n1;2\n") == "1:[a][b,\"c]\n2:[1][2]\n");
}
