#include "pipelines/options/checksum_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>

#include "tests/support/process.hpp"
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
  CHECK(error_of(hex('1') + "  \n").starts_with("line 1: no checksum"));
  CHECK(error_of("SHA256 (a) = " + hex('1', 63)).starts_with("line 1: no checksum"));
  CHECK(error_of("see (this) = beef\n").starts_with("line 1: no checksum"));
  CHECK(error_of("<html>").starts_with("line 1: no checksum"));
  CHECK(error_of(hex('1') + "  a\n" + hex('2') + "  a\n") ==
        "line 2: \"a\" is listed before with another sha256");
}

TEST_CASE("Checksum files: a list in UTF-16, as PowerShell redirects it, is read") {
  const tests::TempDir dir;
  std::string utf16 = "\xFF\xFE";
  for (const char c : hex('1') + "  a.iso\r\n" + hex('2') + "  b.iso\r\n") utf16.append({c, '\0'});
  tests::write_file(dir / "sums", utf16);
  const auto list = ChecksumFile::load(dir / "sums");
  REQUIRE_MESSAGE(list.ok(), list.error().message);
  CHECK(found(*list.value(), "/b.iso") == hex('2'));
}

TEST_CASE("Checksum files: a list that is packed is unpacked, and named after what it is the list of") {
  const tests::TempDir dir;
  const std::string gzip =
      tests::run_process({"gzip", "-c"}, hex('1') + "  a.iso\r\n" + hex('2') + "  b.iso\n").out;
  tests::write_file(dir / "sums", gzip);
  const auto list = ChecksumFile::load(dir / "sums");
  REQUIRE_MESSAGE(list.ok(), list.error().message);
  CHECK(found(*list.value(), "/b.iso") == hex('2'));
  tests::write_file(dir / "sums", gzip.substr(0, gzip.size() - 9));
  const auto cut = ChecksumFile::load(dir / "sums");
  REQUIRE_FALSE(cut.ok());
  CHECK(cut.error().message.find("ends in the middle of its compressed data") != std::string::npos);
  tests::write_file(dir / "x.iso.sha256.gz", tests::run_process({"gzip", "-c"}, hex('1')).out);
  const auto named = ChecksumFile::load(dir / "x.iso.sha256.gz");
  REQUIRE_MESSAGE(named.ok(), named.error().message);
  CHECK(found(*named.value(), "/pub/x.iso") == hex('1'));
  CHECK(found(*named.value(), "/pub/y.iso").empty());
}

TEST_CASE(
    "Checksum files: standard input and pipes are not checked ahead, since they can be read only once") {
  const tests::TempDir dir;
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  CHECK_FALSE(check_checksum_file(dir / "pipe").has_value());
  CHECK_FALSE(check_checksum_file("-").has_value());
  const auto unread = ChecksumFile::unread("-", Error(Errc::bad_input, "why"));
  REQUIRE(unread->fault());
  CHECK(unread->fault()->message == "why");
  CHECK(found(*unread, "/x").empty());
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

TEST_CASE("Checksum files: what shasum, md5 -r and openssl dgst print is read, with any blanks in it") {
  const auto list = parsed("\xEF\xBB\xBF" + hex('1') + " a\n" + hex('2') + "\tb\n  " + hex('3') + "  c\n" +
                           hex('4') + " ?d\n" + hex('5') + " ^e\nSHA256(f)= " + hex('6') +
                           "\nSHA2-512(g h)= " + hex('7', 128) + "\nMD5(i)=" + hex('8', 32) + "\n");
  CHECK(list.size() == 8);
  CHECK(found(list, "/a") == hex('1'));
  CHECK(found(list, "/b") == hex('2'));
  CHECK(found(list, "/c") == hex('3'));
  CHECK(found(list, "/d") == hex('4'));
  CHECK(found(list, "/e") == hex('5'));
  CHECK(found(list, "/f") == hex('6'));
  CHECK(found(list, "/g%20h") == hex('7', 128));
  CHECK(found(list, "/i") == hex('8', 32));
}

TEST_CASE("Checksum files: of a list that is signed in the clear only the signed text is read") {
  const auto list =
      parsed("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# x: 3 bytes\nSHA256 (x) = " + hex('1') +
             "\r\n- " + hex('2') + "  -y\n-----BEGIN PGP SIGNATURE-----\n\niQIz\n=abcd\n" +
             "-----END PGP SIGNATURE-----\n" + hex('3') + "  z\n");
  CHECK(list.size() == 3);
  CHECK(found(list, "/x") == hex('1'));
  CHECK(found(list, "/-y") == hex('2'));
  CHECK(found(list, "/z") == hex('3'));
}

TEST_CASE("Checksum files: one without a sum is refused, as it is when it could not be fetched whole") {
  for (const char* text : {"", "\n\n"}) CHECK(error_of(text) == "there is no checksum in it");
}

TEST_CASE("Checksum files: sums of unknown kinds are passed over, but not for a file that has no other") {
  const auto list = parsed("SHA384 (x) = " + hex('1', 96) + "\nSHA256 (x) = " + hex('2') + "\n" +
                           hex('3', 96) + "  y\nBLAKE2b (z) = " + hex('4', 128) + "\n");
  CHECK(found(list, "/x") == hex('2'));
  for (const char* path : {"/y", "/z"}) {
    const auto none = list.find(path, "");
    REQUIRE_FALSE(none.ok());
    CHECK(none.error().code == Errc::checksum_mismatch);
    CHECK(none.error().message.find("no checksum of a kind that is known here: sha256") != std::string::npos);
  }
  CHECK(error_of("SHA999 (a) = " + hex('1')).starts_with("no checksum of a kind that is known here: sha256"));
}

TEST_CASE(
    "Checksum files: a digest alone is that of the file that the list is named after, or of every file") {
  const tests::TempDir dir;
  for (const char* text : {"", "  -", " *stdin"}) {
    tests::write_file(dir / "x.iso.sha256", hex('1') + text + "\n");
    const auto named = ChecksumFile::load(dir / "x.iso.sha256");
    REQUIRE_MESSAGE(named.ok(), named.error().message);
    CHECK(found(*named.value(), "/pub/x.iso") == hex('1'));
    CHECK(found(*named.value(), "/pub/y.iso").empty());
  }
  const auto list = parsed(hex('1') + "\n" + hex('2') + "  y\n");
  CHECK(found(list, "/pub/x.iso") == hex('1'));
  CHECK(found(list, "/pub/y") == hex('2'));
  CHECK(error_of(hex('1') + "\n" + hex('2') + "\n").starts_with("line 2: a second digest without a name"));
}
