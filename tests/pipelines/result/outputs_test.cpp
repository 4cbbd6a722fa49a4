#include "pipelines/result/outputs.hpp"

#include <doctest/doctest.h>

#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::read_file;
using leat::tests::TempDir;
using leat::tests::write_file;

TEST_CASE("Outputs: after a kill, a file keeps the lines of what has ended, and one that is not known none") {
  const TempDir dir;
  for (const char* name : {"known", "short", "unknown", "added"}) write_file(dir / name, "a\nb\nc\nhal");
  async::EventLoop loop;
  Outputs outputs(loop, -1);
  outputs.go_on();
  outputs.go_on_from(
      std::map<std::string, std::uint64_t>{{dir / "known", 4}, {dir / "short", 100}, {dir / "added", 2}});
  const auto opened = [&](const char* name, Outputs::Standing standing) {
    auto file = outputs.open(dir / name, standing);
    REQUIRE(file.ok());
    return *file;
  };
  CHECK(opened("known", Outputs::Standing::empty)->start() == 4);
  CHECK(read_file(dir / "known") == "a\nb\n");
  CHECK(opened("short", Outputs::Standing::empty)->start() == 6);
  CHECK(read_file(dir / "short") == "a\nb\nc\n");
  CHECK(opened("unknown", Outputs::Standing::empty)->start() == 0);
  CHECK(read_file(dir / "unknown").empty());
  CHECK_FALSE(opened("added", Outputs::Standing::append)->start().has_value());
  CHECK(read_file(dir / "added") == "a\nb\nc\n");
}

TEST_CASE("Outputs: without a kill, what an earlier run has left stays, but for half a line") {
  const TempDir dir;
  write_file(dir / "file", "a\nb\nhal");
  async::EventLoop loop;
  Outputs outputs(loop, -1);
  outputs.go_on();
  REQUIRE(outputs.open(dir / "file").ok());
  CHECK(read_file(dir / "file") == "a\nb\n");
}
