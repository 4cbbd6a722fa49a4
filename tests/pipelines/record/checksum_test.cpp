#include "pipelines/record/checksum.hpp"

#include <doctest/doctest.h>

using namespace leat::pipelines;

TEST_CASE("Checksums: there is at most one of each kind, and each is found by its kind") {
  Checksums sums;
  sums.put(DigestKind::md5, "a");
  sums.put(DigestKind::sha1, "b");
  sums.put(DigestKind::md5, "c");
  CHECK(sums.find(DigestKind::md5) == "c");
  CHECK(sums.find(DigestKind::sha256).empty());
  CHECK(sums.all().size() == 2);
  sums.put(DigestKind::md5, "");
  CHECK(sums.all().size() == 1);
}

TEST_CASE("Checksums: hex has the length of its kind, and is in lower case") {
  for (const auto name : kDigests) {
    const auto kind = digest_kind(name);
    REQUIRE(kind.has_value());
    CHECK(to_string(*kind) == name);
    CHECK(kind_of_size(hex_size(*kind)) == kind);
    CHECK(checksum_hex(*kind, std::string(hex_size(*kind), 'A')) == std::string(hex_size(*kind), 'a'));
    CHECK_FALSE(checksum_hex(*kind, std::string(hex_size(*kind) - 1, 'a')).has_value());
    CHECK_FALSE(checksum_hex(*kind, std::string(hex_size(*kind), 'g')).has_value());
  }
  CHECK_FALSE(digest_kind("sha3").has_value());
  CHECK_FALSE(kind_of_size(65).has_value());
}
