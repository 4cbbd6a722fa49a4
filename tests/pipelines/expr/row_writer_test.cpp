#include "pipelines/expr/row_writer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::pipelines;

TEST_CASE("RowWriter: text is written as it is, null and missing values are empty, and all else is JSON") {
  const auto made = RowWriter::compile(leat::text::Delimited::csv,
                                       {"url", "meta.n", "meta.list", "meta.list[1]", "meta.no", "meta.t"});
  REQUIRE_FALSE(fault_of(made));
  const std::string text = R"({"url":"http://a/","meta":{"n":null,"list":[ 1, "é" ],"t":"a\n\"b\""}})";
  JsonDoc doc;
  REQUIRE_FALSE(doc.parse(text));
  JsonInput input(doc.root());
  std::string out;
  std::get<0>(made).append_header(out);
  std::get<0>(made).append_row(out, input);
  CHECK(out ==
        "url,meta.n,meta.list,meta.list[1],meta.no,meta.t\n"
        "http://a/,,\"[1,\"\"é\"\"]\",é,,\"a\n\"\"b\"\"\"\n");
}

TEST_CASE("RowWriter: a name that is no path is an error") {
  const auto fault = fault_of(RowWriter::compile(leat::text::Delimited::tsv, {"url", "meta..k"}));
  REQUIRE(fault);
  CHECK(fault->offset == 5);
  CHECK(fault->message.rfind("field \"meta..k\": a field's name is missing", 0) == 0);
}
