#include "cli/terminal/system.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/support/temp_dir.hpp"

using namespace leat::cli;
using leat::tests::TempDir;

TEST_CASE("RealSystem: it tells files, directories and missing names apart") {
  const TempDir dir;
  const std::string file = dir / "file";
  std::ofstream(file) << "x";
  RealSystem system;
  CHECK(system.is_directory(dir.path()));
  CHECK_FALSE(system.is_directory(file));
  CHECK_FALSE(system.check_readable(file).has_value());
  CHECK(system.check_readable(dir.path()).value().message == "Is a directory");
  CHECK(system.check_readable(file + "/x").value().message == "Not a directory");
  CHECK(system.check_readable(dir / "none").value().message == "No such file or directory");
}

TEST_CASE("RealSystem: it reads a file completely, with its NUL bytes") {
  const TempDir dir;
  const std::string file = dir / "file";
  const std::string content = std::string(100'000, 'a') + '\0' + "b\r\n";
  std::ofstream(file, std::ios::binary) << content;
  RealSystem system;
  CHECK(system.read_file(file).value() == content);
  CHECK_FALSE(system.read_file(dir.path()).ok());
  CHECK(system.read_file(dir / "none").error().message == "No such file or directory");
}

TEST_CASE("RealSystem: a variable that is not set is empty") {
  RealSystem system;
  setenv("LEAT_TEST_VARIABLE", "value", 1);
  CHECK(system.environment("LEAT_TEST_VARIABLE") == "value");
  unsetenv("LEAT_TEST_VARIABLE");
  CHECK(system.environment("LEAT_TEST_VARIABLE").empty());
}
