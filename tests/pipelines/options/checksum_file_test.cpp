#include "pipelines/options/checksum_file.hpp"

#include <doctest/doctest.h>

#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string hex(char digit, std::size_t size = 64) { return std::string(size, digit); }

ChecksumFile parsed(const std::string& text) {
  auto file = ChecksumFile::parse(text);
  REQUIRE_MESSAGE(file.ok(), file.error().message);
  return std::move(*file);
}

std::string error_of(const std::string& text) {
  const auto file = ChecksumFile::parse(text);
  REQUIRE_FALSE(file.ok());
  CHECK(file.error().code == Errc::bad_input);
  return file.error().message;
}

// The one checksum that is found; "" if there is none.
std::string found(const ChecksumFile& list, const char* path, const char* file = "") {
  const auto sums = list.find(path, file);
  REQUIRE(sums.ok());
  return sums.value().empty() ? "" : sums.value().front().hex;
}

}  // namespace

TEST_CASE("Checksum files: lines of coreutils and of BSD are read, of every kind") {
  const auto list =
      parsed("# a comment\n\n" + hex('1') + "  a.iso\n" + hex('2') + " *b.iso\r\n" +
             "SHA256 (c.iso) = " + hex('3') + "\nMD5 (d (1).iso) = " + hex('4', 32) + "\n" + hex('5', 128) +
             "  e e.iso\n" + "SHA2-512 (f.iso) = " + hex('6', 128) + "\n" + hex('A', 40) + "  g.iso");
  CHECK(list.size() == 7);
  CHECK(found(list, "/x/a.iso") == hex('1'));
  CHECK(found(list, "/x/b.iso") == hex('2'));
  CHECK(found(list, "/c.iso") == hex('3'));
  CHECK(found(list, "/d%20(1).iso") == hex('4', 32));
  CHECK(found(list, "/e%20e.iso") == hex('5', 128));
  CHECK(found(list, "/f.iso") == hex('6', 128));
  CHECK(found(list, "/g.iso") == hex('a', 40));
  CHECK(found(list, "/h.iso").empty());
}

TEST_CASE("Checksum files: one file may have sums of several kinds") {
  const auto list = parsed(hex('1') + "  a\n" + hex('2', 32) + "  a\n" + hex('1') + "  ./a\n");
  CHECK(list.find("/a", "").value().size() == 2);
}

TEST_CASE("Checksum files: a name with a line end or a backslash is read as coreutils escapes it") {
  const auto list = parsed("\\" + hex('1') + "  a\\nb\\\\c\n");
  CHECK(found(list, "/a%0ab%5cc") == hex('1'));
}

TEST_CASE("Checksum files: the file's name counts first, then the URL's path, then the last component") {
  const auto list =
      parsed(hex('1') + "  one/x\n" + hex('2') + "  two/x\n" + hex('3') + "  x\n" + hex('4') + "  far/y\n");
  CHECK(found(list, "/pub/two/x", "one/x") == hex('1'));
  CHECK(found(list, "/pub/two/x") == hex('2'));
  CHECK(found(list, "/pub/other/x") == hex('3'));
  CHECK(found(list, "/pub/z", "x") == hex('3'));
  CHECK(found(list, "/pub/y") == hex('4'));
  CHECK(found(list, "/pub/renamed", "out/y") == hex('4'));
  const auto both = parsed(hex('1') + "  one/x\n" + hex('2') + "  two/x\n");
  const auto several = both.find("/three/x", "");
  REQUIRE_FALSE(several.ok());
  CHECK(several.error().code == Errc::checksum_mismatch);
}

TEST_CASE("Checksum files: a malformed line, or one that contradicts another, is named by its number") {
  CHECK(error_of("\n" + hex('1', 63) + "  a\n").starts_with("line 2: no checksum"));
  CHECK(error_of(hex('1') + " a\n").starts_with("line 1: no checksum"));
  CHECK(error_of(hex('1') + "  \n").starts_with("line 1: no checksum"));
  CHECK(error_of("SHA999 (a) = " + hex('1')).starts_with("line 1: no checksum"));
  CHECK(error_of("<html>").starts_with("line 1: no checksum"));
  CHECK(error_of(hex('1') + "  a\n" + hex('2') + "  a\n") ==
        "line 2: \"a\" is listed before with another sha256");
}

TEST_CASE("Checksum files: an error says why a file can't be read") {
  const tests::TempDir dir;
  const auto missing = ChecksumFile::load(dir / "none");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().message == "cannot read '" + (dir / "none") + "': No such file or directory");
  tests::write_file(dir / "bad", "bad\n");
  CHECK(check_checksum_file(dir / "bad").has_value());
  tests::write_file(dir / "good", hex('1') + "  a\n");
  CHECK_FALSE(check_checksum_file(dir / "good").has_value());
}
