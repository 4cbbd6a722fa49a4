#include "engine/text/columns.hpp"

#include <doctest/doctest.h>

using namespace leat::text;

TEST_CASE("columns: wide characters and emoji take two, marks none, and all others one") {
  CHECK(columns_of("plain") == 5);
  CHECK(columns_of("grün") == 4);
  CHECK(columns_of("水と火") == 6);
  CHECK(columns_of("한글") == 4);
  CHECK(columns_of("ｆｕｌｌ") == 8);
  CHECK(columns_of("🦆🚀") == 4);
  CHECK(columns_of("u\u0308") == 1);
  CHECK(columns_of("→…") == 2);
  CHECK(columns_of("Ω жар") == 5);
  CHECK(columns_of("\u2764\ufe0f") == 2);
  CHECK(columns_of("") == 0);
  CHECK(columns_of("\xff") == 1);
}

TEST_CASE("columns: a text is cut between two characters, and marks stay with theirs") {
  CHECK(cut_to_columns("水火", 3) == "水");
  CHECK(cut_to_columns("水火", 4) == "水火");
  CHECK(cut_to_columns("u\u0308x", 1) == "u\u0308");
  CHECK(cut_to_columns("abc", 0).empty());
  CHECK(cut_to_columns("abc", 9) == "abc");
}

TEST_CASE(
    "columns: the end of a text is cut between two characters, and no mark is left without its character") {
  CHECK(last_columns("水火", 3) == "火");
  CHECK(last_columns("水火", 4) == "水火");
  CHECK(last_columns("u\u0308x", 1) == "x");
  CHECK(last_columns("xu\u0308", 1) == "u\u0308");
  CHECK(last_columns("abc", 0).empty());
  CHECK(last_columns("abc", 9) == "abc");
}
