#include "engine/io/replace_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>

#include "engine/io/fd.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using leat::io::replace_file;
using leat::tests::read_file;
using leat::tests::TempDir;
using leat::tests::write_file;
using Names = std::set<std::string>;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

}  // namespace

TEST_CASE("replace_file: a new file has the mode that is asked for, and an old one keeps its own") {
  const TempDir dir;
  const mode_t before = ::umask(0);
  CHECK_FALSE(replace_file(dir / "jar", "one", 0600).has_value());
  ::umask(before);
  CHECK(mode_of(dir / "jar") == 0600);
  fs::permissions(dir / "jar", fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  CHECK_FALSE(replace_file(dir / "jar", "two", 0600).has_value());
  CHECK(mode_of(dir / "jar") == 0640);
  CHECK(read_file(dir / "jar") == "two");
  CHECK(dir.names() == Names{"jar"});
}

TEST_CASE("replace_file: a symbolic link stays one, and its file is replaced") {
  const TempDir dir;
  write_file(dir / "real", "old");
  fs::create_symlink("real", dir / "link");
  CHECK_FALSE(replace_file(dir / "link", "new", 0600).has_value());
  CHECK(fs::is_symlink(dir / "link"));
  CHECK(read_file(dir / "real") == "new");
}

TEST_CASE("replace_file: a FIFO is written to and stays one") {
  const TempDir dir;
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  const io::Fd reader(::open((dir / "fifo").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  CHECK_FALSE(replace_file(dir / "fifo", "text", 0600).has_value());
  char text[8]{};
  CHECK(::read(reader.get(), text, sizeof text) == 4);
  CHECK(fs::is_fifo(dir / "fifo"));
}

TEST_CASE("replace_file: a name that leaves no room for a second one is written in place") {
  const TempDir dir;
  const std::string name(250, 'n');
  for (const char* content : {"first", "the second", "3", ""}) {
    CHECK_FALSE(replace_file(dir / name, content, 0600).has_value());
    CHECK(read_file(dir / name) == content);
  }
  CHECK(dir.names() == Names{name});
}

TEST_CASE("replace_file: what can't be written is an error that names the file, and nothing is left behind") {
  const TempDir dir;
  const auto missing = replace_file(dir / "none/jar", "x", 0600);
  REQUIRE(missing.has_value());
  CHECK(missing->code == Errc::file_error);
  CHECK(missing->message.find("none/jar") != std::string::npos);
  CHECK(dir.names().empty());
}
