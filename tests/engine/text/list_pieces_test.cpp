#include "engine/text/list_pieces.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using leat::text::list_pieces;

namespace {

using Pieces = std::vector<std::string>;

Pieces pieces(const std::string& list) {
  Pieces made;
  for (const auto piece : list_pieces(list)) made.emplace_back(piece);
  return made;
}

}  // namespace

TEST_CASE("list_pieces: a comma within brackets or their quotes is a part of its piece") {
  CHECK(pieces("meta[\"a,b\"]") == Pieces{"meta[\"a,b\"]"});
  CHECK(pieces("url,x=meta[\"a,b\"],status") == Pieces{"url", "x=meta[\"a,b\"]", "status"});
  CHECK(pieces("json[0][\"a],b\"].c,url") == Pieces{"json[0][\"a],b\"].c", "url"});
  CHECK(pieces("meta[\"a\"],meta[\"b\"]") == Pieces{"meta[\"a\"]", "meta[\"b\"]"});
}

TEST_CASE("list_pieces: all other commas separate, also beside a bracket or quote that is not closed") {
  CHECK(pieces("") == Pieces{""});
  CHECK(pieces("a") == Pieces{"a"});
  CHECK(pieces("a,b,c") == Pieces{"a", "b", "c"});
  CHECK(pieces(",a,") == Pieces{"", "a", ""});
  CHECK(pieces("a[,b") == Pieces{"a[", "b"});
  CHECK(pieces("a[\"x,b]") == Pieces{"a[\"x", "b]"});
  CHECK(pieces("a],b") == Pieces{"a]", "b"});
  CHECK(pieces("\"a,b\"") == Pieces{"\"a", "b\""});
}
