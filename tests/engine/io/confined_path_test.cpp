#include "engine/io/confined_path.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>

#include "tests/support/temp_dir.hpp"

namespace fs = std::filesystem;
using leat::Errc;
using leat::io::BaseDirectory;
using leat::io::MissingDirectories;
using leat::tests::TempDir;
using leat::tests::write_file;

namespace {

Errc refusal(const std::string& base, std::string_view path) {
  auto parent = BaseDirectory(base).parent_of(path, MissingDirectories::make);
  REQUIRE_FALSE(parent.ok());
  return parent.error().code;
}

std::string where(const leat::io::DirectoryRef& directory) {
  return fs::read_symlink("/proc/self/fd/" + std::to_string(directory->get()));
}

}  // namespace

TEST_CASE(
    "BaseDirectory: it makes the directories of the base and of the path that are missing, and opens the "
    "last one") {
  const TempDir dir;
  auto parent = BaseDirectory(dir / "not/yet").parent_of("a/b/name", MissingDirectories::make);
  REQUIRE(parent.ok());
  CHECK(where(*parent) == dir / "not/yet/a/b");
}

TEST_CASE("BaseDirectory: a path that could leave the base is refused, and nothing is made for it") {
  const TempDir dir;
  const std::string long_name(256, 'n');
  for (const std::string_view path :
       {std::string_view(), std::string_view("/etc/passwd"), std::string_view("../x"),
        std::string_view("a/../../x"), std::string_view(".."), std::string_view("."),
        std::string_view("a/./x"), std::string_view("a//x"), std::string_view("a/"),
        std::string_view("a/..", 4), std::string_view("a\0b", 3), std::string_view("new/..\0", 7),
        std::string_view(long_name)}) {
    CAPTURE(path);
    CHECK(refusal(dir.path(), path) == Errc::name_refused);
  }
  CHECK(refusal(std::string("a\0b", 3), "x") == Errc::name_refused);
  CHECK(dir.names().empty());
}

TEST_CASE("BaseDirectory: a symbolic link inside the path is refused, wherever it leads") {
  const TempDir dir;
  const TempDir outside;
  fs::create_directories(dir / "real");
  fs::create_directory_symlink(outside.path(), dir / "out");
  fs::create_directory_symlink("real", dir / "in");
  fs::create_directory_symlink("nowhere", dir / "dangling");
  CHECK(refusal(dir.path(), "out/x") == Errc::name_refused);
  CHECK(refusal(dir.path(), "in/x") == Errc::name_refused);
  CHECK(refusal(dir.path(), "dangling/x") == Errc::name_refused);
  CHECK(refusal(dir.path(), "real/../out/x") == Errc::name_refused);
  CHECK(outside.names().empty());
}

TEST_CASE("BaseDirectory: the base itself may be a symbolic link, since the user typed it") {
  const TempDir dir;
  fs::create_directories(dir / "real");
  fs::create_directory_symlink("real", dir / "link");
  auto parent = BaseDirectory(dir / "link/").parent_of("name", MissingDirectories::make);
  REQUIRE(parent.ok());
  CHECK(where(*parent) == dir / "real");
}

TEST_CASE("BaseDirectory: an empty base is the current directory") {
  auto parent = BaseDirectory(std::string()).parent_of("name", MissingDirectories::make);
  REQUIRE(parent.ok());
  CHECK(where(*parent) == fs::current_path());
}

TEST_CASE("BaseDirectory: a file in the place of a directory is a file_error with the system's words") {
  const TempDir dir;
  write_file(dir / "file", "");
  for (const auto& [base, path] : {std::pair(dir.path(), "file/x"), std::pair(dir / "file", "x")}) {
    auto parent = BaseDirectory(base).parent_of(path, MissingDirectories::make);
    REQUIRE_FALSE(parent.ok());
    CHECK(parent.error().code == Errc::file_error);
    CHECK(parent.error().message.find("Not a directory") != std::string::npos);
    CHECK(parent.error().message.find(dir / "file") != std::string::npos);
  }
}

TEST_CASE("BaseDirectory: it leaves missing directories alone when it is told to") {
  const TempDir dir;
  for (const auto& [base, path] : {std::pair(dir.path(), "a/x"), std::pair(dir / "b", "x")}) {
    auto parent = BaseDirectory(base).parent_of(path, MissingDirectories::leave);
    REQUIRE(parent.ok());
    CHECK_FALSE(*parent);
  }
  CHECK(dir.names().empty());
}

TEST_CASE("BaseDirectory: a whole path may be longer than the system takes at once") {
  const TempDir dir;
  std::string path;
  for (int i = 0; i < 40; ++i) path += std::string(255, 'd') + "/";
  auto parent = BaseDirectory(dir.path()).parent_of(path + "name", MissingDirectories::make);
  CHECK(parent.ok());
}

TEST_CASE("BaseDirectory: directories are made with mode 0777 less the umask") {
  const TempDir dir;
  const mode_t old = ::umask(027);
  auto parent = BaseDirectory(dir / "base").parent_of("a/name", MissingDirectories::make);
  ::umask(old);
  REQUIRE(parent.ok());
  for (const char* made : {"base", "base/a"}) {
    CHECK(static_cast<unsigned>(fs::status(dir / made).permissions()) == 0750U);
  }
}

TEST_CASE("BaseDirectory: an opened directory stays open, wherever it is moved to, until it is removed") {
  const TempDir dir;
  const BaseDirectory base(dir / "base");
  REQUIRE(base.parent_of("a/x", MissingDirectories::make).ok());
  fs::rename(dir / "base", dir / "moved");
  auto kept = base.parent_of("a/y", MissingDirectories::leave);
  REQUIRE(kept.ok());
  CHECK(where(*kept) == dir / "moved/a");
  auto other = base.parent_of("b/x", MissingDirectories::make);
  REQUIRE(other.ok());
  CHECK(where(*other) == dir / "moved/b");
  fs::remove_all(dir / "moved");
  auto anew = base.parent_of("b/x", MissingDirectories::make);
  REQUIRE(anew.ok());
  CHECK(where(*anew) == dir / "base/b");
}

TEST_CASE("BaseDirectory: a path is checked as before while one of its directories is open") {
  const TempDir dir;
  const BaseDirectory base(dir.path());
  REQUIRE(base.parent_of("a/x", MissingDirectories::make).ok());
  fs::create_directory_symlink("a", dir / "link");
  for (const char* path : {"a/../x", "a/..", "a/", "link/x", "a//x"}) {
    CAPTURE(path);
    auto refused = base.parent_of(path, MissingDirectories::make);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == Errc::name_refused);
  }
}
