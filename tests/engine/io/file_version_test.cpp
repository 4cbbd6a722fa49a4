#include <doctest/doctest.h>
#include <sys/xattr.h>

#include <cerrno>
#include <string>

#include "engine/io/file_writer.hpp"
#include "tests/support/temp_dir.hpp"

using leat::io::BaseDirectory;
using leat::io::version_of;
using leat::tests::TempDir;
using leat::tests::write_file;

TEST_CASE("version_of: an ETag in a file's attributes is used, unless it contains a control character") {
  const TempDir dir;
  write_file(dir / "f", "hello");
  const BaseDirectory base(dir.path());
  for (const std::string etag : {"\"a\"", "\"a\"\r\nEvil: 1", "\"a\"\nEvil: 1", "\"\x01\"", "\"\x7f\""}) {
    CAPTURE(etag);
    if (::setxattr((dir / "f").c_str(), "user.leat.etag", etag.data(), etag.size(), 0) != 0) {
      CHECK(errno == ENOTSUP);  // the file system has no such attributes
      return;
    }
    const auto version = version_of(base, "f");
    REQUIRE(version.ok());
    CHECK(version.value().etag == (etag == "\"a\"" ? etag : ""));
    CHECK(version.value().size == 5);
  }
}
