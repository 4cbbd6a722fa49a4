#include "engine/io/directory.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace fs = std::filesystem;
using leat::io::Directory;
using leat::io::Fd;
using leat::tests::TempDir;
using leat::tests::write_file;

namespace {

Directory open_directory(const std::string& path) {
  return Directory(Fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)));
}

}  // namespace

TEST_CASE("Directory: it names all that stands there, or nothing if that is more than was asked for") {
  const TempDir dir;
  write_file(dir / "file", "x");
  write_file(dir / ".hidden", "x");
  fs::create_directory(dir / "folder");
  fs::create_symlink("nowhere", dir / "link");
  const Directory directory = open_directory(dir.path());
  if (!directory.is_local()) {
    MESSAGE("the temporary folder is on a file system that leat doesn't know: not tested");
    return;
  }
  auto names = directory.names(4);
  REQUIRE(names.has_value());
  std::sort(names->begin(), names->end());
  CHECK(*names == std::vector<std::string>{".hidden", "file", "folder", "link"});
  CHECK_FALSE(directory.names(3).has_value());
}

TEST_CASE("Directory: an empty one has no names, and one that was removed has none either") {
  const TempDir dir;
  fs::create_directory(dir / "empty");
  const Directory directory = open_directory(dir / "empty");
  if (!directory.is_local()) return;
  REQUIRE(directory.names(10).has_value());
  CHECK(directory.names(10)->empty());
  fs::remove(dir / "empty");
  CHECK(directory.names(10).value_or(std::vector<std::string>()).empty());
}

TEST_CASE("Directory: a file system of which leat knows nothing is not local, and its names are not told") {
  const Directory directory = open_directory("/proc/self");
  CHECK_FALSE(directory.is_local());
  CHECK_FALSE(directory.names(100'000).has_value());
}
