#include "engine/io/part_note.hpp"

#include <doctest/doctest.h>

using leat::io::PartNote;

namespace {

PartNote full_note() {
  PartNote note;
  note.source = "0a1b";
  note.version = "\"a b\"";
  note.total = 300;
  note.pieces = {{0, 100, 100}, {100, 200, 7}};
  return note;
}

}  // namespace

TEST_CASE("PartNote: it is read as it was written") {
  const auto note = PartNote::parse(full_note().text());
  REQUIRE(note.has_value());
  CHECK(note->source == "0a1b");
  CHECK(note->version == "\"a b\"");
  CHECK(note->total == 300);
  REQUIRE(note->pieces.size() == 2);
  CHECK(note->pieces[1].first == 100);
  CHECK(note->pieces[1].size == 200);
  CHECK(note->pieces[1].done == 7);
  PartNote least;
  least.source = "s";
  least.version = "Thu, 01 Jan 2026 00:00:00 GMT";
  CHECK(PartNote::parse(least.text())->version == least.version);
  CHECK_FALSE(PartNote::parse(least.text())->total.has_value());
}

TEST_CASE("PartNote: a note that is cut anywhere is no note") {
  const std::string text = full_note().text();
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(PartNote::parse(std::string_view(text).substr(0, size)).has_value());
  }
  CHECK(PartNote::parse(text + "piece 0 9 9\nend\n").has_value());
}

TEST_CASE("PartNote: another text, or an incomplete one, is no note") {
  const std::string first = "leat-part 1\n";
  for (const char* rest :
       {"end\n", "source a\nend\n", "version b\nend\n", "source a\nversion b\ncolour red\nend\n",
        "source a\nversion b\ntotal x\nend\n", "source a\nversion b\npiece 1 2\nend\n",
        "source a\nversion \"b\"\rEvil: 1\nend\n", "source a\nversion b\tc\nend\n",
        "source a\nversion b\npiece 1 2 3\nend\n", "source a\nsource a\nversion b\nend\n"}) {
    CAPTURE(rest);
    CHECK_FALSE(PartNote::parse(first + rest).has_value());
  }
  CHECK_FALSE(PartNote::parse("leat-part 2\nsource a\nversion b\nend\n").has_value());
  CHECK(PartNote::parse(first + "source a\nversion b\nend\n").has_value());
}

TEST_CASE("PartNote: the longest note is written at once, within a page") {
  PartNote note;
  note.source = std::string(64, 'f');
  note.version = std::string(200, 'v');
  note.total = 999'999'999'999'999;
  for (std::size_t i = 0; i < PartNote::kMostPieces; ++i) {
    note.pieces.push_back({999'999'999'999'999, 999'999'999'999'999, 999'999'999'999'999});
  }
  CHECK(note.text().size() < 4096);
}
