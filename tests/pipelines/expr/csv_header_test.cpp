#include "pipelines/expr/csv_header.hpp"

#include <doctest/doctest.h>

using namespace leat;
using namespace leat::pipelines;

namespace {

// What is wrong with each row, on a line of its own; "good" if nothing is wrong.
std::string faults(std::string_view text) {
  text::CsvReader reader(1000);
  reader.feed(text);
  const auto first = reader.next();
  REQUIRE(first);
  const auto header = CsvHeader::make(*first);
  if (!header.ok()) {
    CHECK(header.error().code == Errc::bad_input);
    return header.error().message;
  }
  std::string out;
  while (const auto row = reader.next()) {
    const auto error = header.value().check(*row);
    if (error) CHECK(error->code == Errc::bad_input);
    out += (error ? error->message : "good") + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("CsvHeader: a row with a field for each name is good, whatever the fields contain") {
  CHECK(faults("url,\"a \"\"b\"\"\"\nhttp://a/,1\n\"x\ny\",\n") == "good\ngood\n");
}

TEST_CASE("CsvHeader: a row that doesn't fit is an error with its line, and the rest is read") {
  CHECK(
      faults("a,b\n1\n\n1,2,3\n\"x\"y,2\n1,2\n") ==
      "line 2: 1 field, where the header has 2\n"
      "line 4: 3 fields, where the header has 2\n"
      "line 5: a comma or the end of the line is missing after a field in quotes; a quote itself is written "
      "twice\n"
      "good\n");
}

TEST_CASE("CsvHeader: the names have to differ, and a column without one is called by its place") {
  CHECK(faults("\na,,b\n1,2,3\n") == "good\n");
  CHECK(faults("a,b,a\n") == "line 1: the header names \"a\" twice");
  CHECK(faults("\"a\"b\n").rfind("line 1: a comma", 0) == 0);
}
