#include "engine/http/message/chunk_reader.hpp"

#include <doctest/doctest.h>

#include <string>

using leat::Errc;
using leat::Error;
using leat::Status;
using leat::http::ChunkReader;

namespace {

struct Read {
  std::string text;
  Status wrong;
  bool done = false;
};

// Feeds it in pieces of `step` bytes.
Read read(std::string_view bytes, std::size_t step) {
  ChunkReader reader;
  reader.start();
  Read got;
  for (; !bytes.empty() && !got.wrong; bytes.remove_prefix(std::min(step, bytes.size()))) {
    got.wrong = reader.feed(bytes.substr(0, step), [&got](std::string_view piece) -> Status {
      got.text += piece;
      return std::nullopt;
    });
  }
  got.done = reader.is_done();
  return got;
}

}  // namespace

TEST_CASE("ChunkReader: the result does not depend on how the bytes are split") {
  const std::string good = "5;a=\"b\"\r\nhello\r\n00A \r\n0123456789\r\n0\r\nX: y\r\n z\r\n\r\nand more";
  const std::string bad = "5\r\nhello\r\n0x3\r\nabc\r\n0\r\n\r\n";
  for (std::size_t step = 1; step <= good.size(); ++step) {
    CAPTURE(step);
    const Read got = read(good, step);
    CHECK_FALSE(got.wrong);
    CHECK(got.done);
    CHECK(got.text == "hello0123456789");
    const Read refused = read(bad, step);
    REQUIRE(refused.wrong);
    CHECK(refused.wrong->code == Errc::bad_response);
    CHECK(refused.text == "hello");
  }
}

TEST_CASE("ChunkReader: an error of the content's receiver is passed on and ends it") {
  ChunkReader reader;
  reader.start();
  int pieces = 0;
  const auto refuse = [&pieces](std::string_view) -> Status {
    ++pieces;
    return Error(Errc::disk_full, "no room");
  };
  const Status error = reader.feed("1\r\na\r\n1\r\nb\r\n0\r\n\r\n", refuse);
  REQUIRE(error);
  CHECK(error->code == Errc::disk_full);
  CHECK(pieces == 1);
}

TEST_CASE("ChunkReader: endless sizes and trailers are refused") {
  ChunkReader reader;
  const auto drop = [](std::string_view) -> Status { return std::nullopt; };
  const auto feed_for_ever = [&](std::string_view first, std::string_view piece) {
    reader.start();
    Status wrong = reader.feed(first, drop);
    for (int i = 0; i < 100'000 && !wrong; ++i) wrong = reader.feed(piece, drop);
    return wrong ? wrong->code : Errc::internal;
  };
  CHECK(feed_for_ever("", "0000000000") == Errc::bad_response);
  CHECK(feed_for_ever("5;", "xxxxxxxxxx") == Errc::bad_response);
  CHECK(feed_for_ever("0\r\n", "X: yyyyyyyyyyyyyyyyy\r\n") == Errc::header_too_large);
  CHECK(feed_for_ever("0\r\n", "yyyyyyyyyyyyyyyyyyyyyy") == Errc::header_too_large);
}
