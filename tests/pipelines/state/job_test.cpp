#include "pipelines/state/job.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "pipelines/state/redis/job_leases.hpp"

using namespace leat::pipelines;

TEST_CASE("place_of: an origin in one part has one place, whatever the record") {
  for (std::uint64_t id = 0; id < 100; ++id)
    CHECK(place_of("http://a.org:80", id, 1) == home_of("http://a.org:80"));
}

TEST_CASE(
    "place_of: the parts of an origin are in distinct partitions, and records are spread over them evenly") {
  for (const std::size_t parts : {2u, 32u, 64u}) {
    for (int host = 0; host < 100; ++host) {
      const std::string origin = "http://" + std::to_string(host) + ".org:80";
      std::set<unsigned> partitions;
      std::set<std::size_t> numbers;
      for (std::uint64_t id = 1; id <= parts; ++id) {
        const unsigned partition = JobLeases::partition_of(place_of(origin, id, parts));
        partitions.insert(partition);
        numbers.insert(partition % parts);  // by which a process knows its parts
      }
      REQUIRE(partitions.size() == parts);
      REQUIRE(numbers.size() == parts);
    }
  }
}
