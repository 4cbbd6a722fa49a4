#include "pipelines/stages/sink/listed_folders.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/temp_dir.hpp"

namespace fs = std::filesystem;
using leat::Errc;
using leat::io::BaseDirectory;
using leat::io::MissingDirectories;
using leat::pipelines::ListedFolders;
using leat::tests::TempDir;
using leat::tests::write_file;

namespace {

constexpr int kEnough = 20;  // looks, after which a folder has been read

void look_often(ListedFolders& folders, const BaseDirectory& base, const std::string& folder = "") {
  for (int i = 0; i < kEnough; ++i) {
    const auto standing = folders.look_at(base, folder + "absent" + std::to_string(i));
    REQUIRE(standing.ok());
    CHECK(standing.value().nothing);
  }
}

bool is_read(const BaseDirectory& base) {
  auto parent = base.parent_of("x", MissingDirectories::leave);
  return parent.ok() && *parent && (*parent)->is_local();
}

}  // namespace

TEST_CASE("ListedFolders: what stood in a folder is found, before and after that is read") {
  const TempDir dir;
  write_file(dir / "file", "x");
  write_file(dir / "noted.part.resume", "x");
  fs::create_directory(dir / "folder");
  fs::create_symlink("file", dir / "link");
  const BaseDirectory base(dir.path());
  ListedFolders folders;
  for (int round = 0; round < 2; ++round) {
    CAPTURE(round);
    CHECK(folders.look_at(base, "file").value().file);
    CHECK(folders.look_at(base, "folder").value().directory);
    CHECK(folders.look_at(base, "noted").value().note);
    CHECK_FALSE(folders.look_at(base, "noted").value().nothing);
    CHECK(folders.look_at(base, "link").error().code == Errc::name_refused);
    look_often(folders, base);
  }
}

TEST_CASE("ListedFolders: once a folder is read, only names that may be there are looked at") {
  const TempDir dir;
  const BaseDirectory base(dir.path());
  if (!is_read(base)) {
    MESSAGE("the temporary folder is on a file system that leat doesn't know: not tested");
    return;
  }
  ListedFolders folders;
  look_often(folders, base);
  write_file(dir / "theirs", "x");
  write_file(dir / "ours", "x");
  folders.expect("ours");
  CHECK(folders.look_at(base, "theirs").value().nothing);
  CHECK(folders.look_at(base, "ours").value().file);
}

TEST_CASE("ListedFolders: a folder that is made later is read then, and folders are told apart") {
  const TempDir dir;
  const BaseDirectory base(dir / "out");
  ListedFolders folders;
  look_often(folders, base, "a/");
  fs::create_directories(dir / "out/a");
  fs::create_directories(dir / "out/b");
  write_file(dir / "out/a/file", "x");
  write_file(dir / "out/b/other", "x");
  look_often(folders, base, "a/");
  look_often(folders, base, "b/");
  CHECK(folders.look_at(base, "a/file").value().file);
  CHECK(folders.look_at(base, "b/other").value().file);
  CHECK(folders.look_at(base, "b/file").value().nothing);
}
