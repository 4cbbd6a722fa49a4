#include "engine/redis/process_name.hpp"

#include <doctest/doctest.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <string>

using namespace leat;

TEST_CASE("process_name: it names this machine and this process") {
  utsname here{};
  REQUIRE(::uname(&here) == 0);
  CHECK(redis::process_name() == std::string(here.nodename) + ":" + std::to_string(::getpid()));
}
