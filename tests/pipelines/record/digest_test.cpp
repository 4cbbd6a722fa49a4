#include "pipelines/record/checksum.hpp"

#include <doctest/doctest.h>

using leat::pipelines::Digest;

// The examples of FIPS 180-4.
TEST_CASE("Digest: it gives the sum of a text that came in pieces, and then that of the next text") {
  Digest sum;
  CHECK(sum.finish() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  sum.update("a");
  sum.update("bc");
  CHECK(sum.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  sum.update("junk");
  sum.restart();
  sum.update("abc");
  CHECK(sum.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
