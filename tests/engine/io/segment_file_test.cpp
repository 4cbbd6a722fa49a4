#include "engine/io/segment_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::io;
using leat::tests::read_file;
using leat::tests::TempDir;
using Names = std::set<std::string>;

namespace {

PartNote note_of(std::uint64_t total, std::size_t pieces) {
  PartNote note;
  note.source = "s";
  note.version = "\"v\"";
  note.total = total;
  note.pieces = equal_pieces(0, total, pieces, 1);
  return note;
}

std::unique_ptr<SegmentFile> laid_out(const TempDir& dir, std::uint64_t total, std::size_t pieces,
                                      bool keep = true) {
  auto file = FileWriter::create(dir.path(), "x");
  REQUIRE(file.ok());
  auto laid = SegmentFile::lay_out(std::move(*file), note_of(total, pieces), keep);
  REQUIRE(laid.ok());
  return std::move(*laid);
}

std::unique_ptr<SegmentFile> found(const TempDir& dir) {
  auto file = FileWriter::resume(dir.path(), "x", "s");
  REQUIRE(file.ok());
  REQUIRE(file->has_value());
  return SegmentFile::go_on(std::move(**file));
}

}  // namespace

TEST_CASE(
    "equal_pieces: they cover everything, differ by at most one byte, and none is smaller than the least "
    "size") {
  for (const std::uint64_t total : {std::uint64_t{1}, std::uint64_t{10}, std::uint64_t{1001}}) {
    const auto pieces = equal_pieces(0, total, 4, 3);
    std::uint64_t end = 0;
    for (const auto& piece : pieces) {
      CHECK(piece.first == end);
      CHECK((pieces.size() == 1 || piece.size >= 3));
      CHECK(pieces.front().size - piece.size <= 1);
      end += piece.size;
    }
    CHECK(end == total);
  }
  CHECK(equal_pieces(0, 10, 4, 3).size() == 3);
  CHECK(equal_pieces(0, 5, 4, 3).size() == 1);
  CHECK(equal_pieces(100, 108, 4, 1).front().first == 100);
}

TEST_CASE("SegmentFile: the file has its full size from the start, and each piece goes to its place") {
  const TempDir dir;
  auto file = laid_out(dir, 10, 2);
  CHECK(std::filesystem::file_size(dir / "x.part") == 10);
  CHECK_FALSE(file->write(1, "fghij"));
  CHECK_FALSE(file->write(0, "ab"));
  CHECK_FALSE(file->write(0, "cde"));
  CHECK(file->is_whole());
  FileWriter whole = file->release();
  file.reset();
  CHECK_FALSE(whole.commit(false));
  CHECK(read_file(dir / "x") == "abcdefghij");
  CHECK(dir.names() == Names{"x"});
}

TEST_CASE("SegmentFile: a file that was left behind is continued, piece by piece") {
  const TempDir dir;
  CHECK_FALSE(laid_out(dir, 10, 2)->write(1, "fgh"));
  CHECK(dir.names() == Names{"x.part", "x.part.resume"});
  const auto file = found(dir);
  REQUIRE(file);
  CHECK(file->version() == "\"v\"");
  CHECK(file->done(0) == 0);
  CHECK(file->done(1) == 3);
}

TEST_CASE("SegmentFile: a complete piece is noted at once, so a kill loses none") {
  const TempDir dir;
  const auto file = laid_out(dir, 10, 2);
  CHECK_FALSE(file->write(1, "fghij"));
  const auto note = PartNote::parse(read_file(dir / "x.part.resume"));
  REQUIRE(note);
  CHECK(note->pieces.at(1).done == 5);
}

TEST_CASE(
    "SegmentFile: nothing is left of a file without a byte, of one without notes, and of one that is "
    "discarded") {
  const TempDir dir;
  laid_out(dir, 10, 2).reset();
  CHECK(dir.names().empty());
  CHECK_FALSE(laid_out(dir, 10, 2, false)->write(0, "a"));
  CHECK(dir.names().empty());
  auto file = laid_out(dir, 10, 2);
  CHECK_FALSE(file->write(0, "a"));
  file->discard();
  file.reset();
  CHECK(dir.names().empty());
}

TEST_CASE("SegmentFile: a note that doesn't belong to the file beside it is not used") {
  const TempDir dir;
  CHECK_FALSE(laid_out(dir, 10, 2)->write(0, "a"));
  std::filesystem::resize_file(dir / "x.part", 9);
  CHECK(found(dir) == nullptr);
}

TEST_CASE("SegmentFile: a file that is found complete asks for its last byte again") {
  const TempDir dir;
  auto file = laid_out(dir, 10, 2);
  CHECK_FALSE(file->write(0, "abcde"));
  CHECK_FALSE(file->write(1, "fghij"));
  file.reset();
  file = found(dir);
  REQUIRE(file);
  CHECK_FALSE(file->is_whole());
  CHECK(file->done() == 9);
}

TEST_CASE("SegmentFile: a piece has one owner, and the last free piece is given first") {
  const TempDir dir;
  const auto file = laid_out(dir, 9, 3);
  CHECK(file->take_last() == 2);
  CHECK(file->take_last() == 1);
  CHECK_FALSE(file->take_untouched(1));
  CHECK(file->free_pieces() == 1);
  CHECK(file->take_untouched(0));
  CHECK_FALSE(file->take_last());
  CHECK_FALSE(file->write(1, "d"));
  file->give_back(1);
  CHECK_FALSE(file->take_untouched(1));  // part of it is there
  CHECK(file->take_last() == 1);
}

TEST_CASE("SegmentFile: a file that is larger than the free space is disk_full before a byte is written") {
  const TempDir dir;
  auto file = FileWriter::create(dir.path(), "x");
  REQUIRE(file.ok());
  const auto laid = SegmentFile::lay_out(std::move(*file), note_of(std::uint64_t{1} << 60, 1), true);
  REQUIRE_FALSE(laid.ok());
  CHECK((laid.error().code == Errc::disk_full || laid.error().code == Errc::file_error));
  CHECK(dir.names().empty());
}
