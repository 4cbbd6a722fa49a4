#include "pipelines/result/own_files.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::TempDir;
using leat::tests::write_file;
namespace fs = std::filesystem;

TEST_CASE("Own files: a file is known by whatever name or link leads to it") {
  const TempDir dir;
  write_file(dir / "list", "x");
  write_file(dir / "other", "x");
  fs::create_symlink("list", dir / "link");
  fs::create_hard_link(dir / "list", dir / "twin");
  OwnFiles own;
  own.add("the list", dir / "list");
  own.add("nothing", std::string());
  own.add("standard output", "-");
  for (const char* name : {"list", "link", "twin"}) {
    CAPTURE(name);
    CHECK(own.what_is(*io::id_of(dir / name)) == "the list");
  }
  CHECK(own.what_is(*io::id_of(dir / "other")).empty());
}

TEST_CASE("Own files: one that is not there yet is known by its place, and by itself once it is made") {
  const TempDir dir;
  fs::create_directory_symlink(".", dir / "here");
  OwnFiles own;
  own.add("the jar", dir / "jar");
  CHECK(own.what_will_be(dir / "here/jar") == "the jar");
  CHECK(own.what_will_be(dir / "jar2").empty());
  CHECK(own.what_will_be("/nowhere/jar").empty());
  write_file(dir / "jar", "x");
  CHECK(own.what_is(*io::id_of(dir / "jar")) == "the jar");
}
