#include "engine/io/decompressor.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

using leat::Errc;
using leat::Result;
using namespace leat::io;

namespace {

std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "line " + std::to_string(i * i) + "\n";
  text.resize(size);
  return text;
}

std::string made_by(const std::string& program, const std::string& text) {
  const auto done = leat::tests::run_process({"sh", "-c", program}, text);
  REQUIRE(done.status == 0);
  return done.out;
}

std::string zlib(const std::string& text, int bits) {
  return made_by("python3 -c 'import sys,zlib; c=zlib.compressobj(9,zlib.DEFLATED," + std::to_string(bits) +
                     "); d=sys.stdin.buffer.read(); sys.stdout.buffer.write(c.compress(d)+c.flush())'",
                 text);
}

struct Made {
  Result<std::string> text;
  bool complete;
  std::size_t largest;  // piece
};

Made decompress(Compression kind, std::string_view text, std::size_t chunk) {
  const auto decompressor = Decompressor::make(kind);
  std::string out;
  std::size_t largest = 0;
  for (std::size_t at = 0; at < text.size(); at += chunk) {
    decompressor->feed(text.substr(at, chunk));
    for (;;) {
      auto piece = decompressor->next();
      if (!piece) return {std::move(piece.error()), false, largest};
      if (piece->empty()) break;
      largest = std::max(largest, piece->size());
      out.append(*piece);
    }
  }
  return {std::move(out), decompressor->complete(), largest};
}

}  // namespace

TEST_CASE(
    "Decompressor: it decodes gzip and both kinds of deflate from chunks of any size, into pieces of bounded "
    "size") {
  const std::string text = text_of(500'000);
  const struct {
    Compression kind;
    std::string bytes;
  } made[]{{Compression::gzip, zlib(text, 31)},
           {Compression::deflate, zlib(text, 15)},
           {Compression::deflate, zlib(text, -15)}};
  for (const auto& [kind, bytes] : made) {
    for (const std::size_t chunk : {bytes.size(), std::size_t{1000}, std::size_t{7}}) {
      CAPTURE(chunk);
      const auto done = decompress(kind, bytes, chunk);
      REQUIRE(done.text.ok());
      CHECK(done.text.value() == text);
      CHECK(done.complete);
      CHECK(done.largest <= Decompressor::kPiece);
    }
  }
}

TEST_CASE("Decompressor: it decodes zstd and brotli") {
  const std::string text = text_of(300'000);
  const std::string zstd = made_by("zstd -q -c", text);
  for (const std::size_t chunk : {zstd.size(), std::size_t{11}}) {
    const auto done = decompress(Compression::zstd, zstd, chunk);
    REQUIRE(done.text.ok());
    CHECK(done.text.value() == text);
    CHECK(done.complete);
  }
  // "hello " 200 times
  const std::string brotli(
      "\x1b\xaf\x04\xf8\x8d\x94\x6e\xde\x44\x55\x86\x96\x6c\x20\x6f\x61\x5b\x1c\x80\x8c\x38", 21);
  const auto whole = decompress(Compression::brotli, brotli, 3);
  REQUIRE(whole.text.ok());
  CHECK(whole.text.value().size() == 1200);
  CHECK(whole.text.value().ends_with("hello hello "));
  CHECK(whole.complete);
  CHECK_FALSE(decompress(Compression::brotli, brotli.substr(0, brotli.size() - 1), 3).complete);
}

TEST_CASE("Decompressor: several gzip members or zstd frames in a row are one text") {
  const std::string a = text_of(1000);
  const auto members =
      decompress(Compression::gzip, zlib(a, 31) + zlib("b", 31) + std::string(512, '\0'), 13);
  REQUIRE(members.text.ok());
  CHECK(members.text.value() == a + "b");
  CHECK(members.complete);
  const auto frames =
      decompress(Compression::zstd, made_by("zstd -q -c", a) + made_by("zstd -q -c", "b"), 13);
  REQUIRE(frames.text.ok());
  CHECK(frames.text.value() == a + "b");
  CHECK(frames.complete);
}

TEST_CASE("Decompressor: a text that is cut short is not complete") {
  const std::string text = text_of(5000);
  const std::string gzip = zlib(text, 31);
  CHECK_FALSE(decompress(Compression::gzip, gzip.substr(0, gzip.size() - 1), 100).complete);
  CHECK_FALSE(decompress(Compression::gzip, gzip.substr(0, 5), 100).complete);
  const std::string zstd = made_by("zstd -q -c", text);
  CHECK_FALSE(decompress(Compression::zstd, zstd.substr(0, zstd.size() - 1), 100).complete);
}

TEST_CASE("Decompressor: a wrong checksum is bad_response, and so is data that is not compressed") {
  std::string gzip = zlib(text_of(5000), 31);
  gzip[gzip.size() - 6] = static_cast<char>(gzip[gzip.size() - 6] ^ 1);
  for (const auto& done :
       {decompress(Compression::gzip, gzip, 100), decompress(Compression::gzip, "not at all", 3),
        decompress(Compression::zstd, "not at all", 10),
        decompress(Compression::gzip, zlib("a", 31) + "rubbish", 100)}) {
    REQUIRE_FALSE(done.text.ok());
    CHECK(done.text.error().code == Errc::bad_response);
  }
}
