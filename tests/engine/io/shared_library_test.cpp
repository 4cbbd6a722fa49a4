#include "engine/io/shared_library.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

using namespace leat;
using io::SharedLibrary;
using io::Symbol;

TEST_CASE("a library that is loaded by its name gives its functions with their types") {
  SharedLibrary library("libz.so.1", "zlib1g");
  const Symbol<decltype(::zlibVersion)> version(library, "zlibVersion");
  REQUIRE(!library.fault());
  CHECK(std::string(version()) == ::zlibVersion());
}

TEST_CASE("a missing library is an error that names it and its package, and it gives no symbol") {
  SharedLibrary library("libleat-none.so.7", "libleat-none7");
  const Symbol<int(int)> symbol(library, "f");
  CHECK((static_cast<int (*)(int)>(symbol) == nullptr));
  REQUIRE(library.fault());
  CHECK(library.fault()->code == Errc::internal);
  CHECK(library.fault()->message.find("libleat-none.so.7") != std::string::npos);
  CHECK(library.fault()->message.ends_with("; on Debian: apt-get install libleat-none7"));
}

TEST_CASE("the error names the first symbol that a library lacks") {
  SharedLibrary library("libz.so.1", "zlib1g");
  const Symbol<decltype(::zlibVersion)> there(library, "zlibVersion");
  const Symbol<int()> first(library, "no_such_function");
  const Symbol<int()> second(library, "nor_this_one");
  CHECK((static_cast<int (*)()>(first) == nullptr));
  REQUIRE(library.fault());
  CHECK(library.fault()->message ==
        "libz.so.1 has no no_such_function: another version than Debian 12's; apt-get install zlib1g");
}
