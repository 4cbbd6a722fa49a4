#include "pipelines/state/redis/job_leases.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

const std::vector<HeldPartition> kThree{{1, "4", true}, {2, "5", true}, {7, "1", true}};

std::size_t leaving(const JobLeases& leases) {
  std::size_t count = 0;
  for (unsigned p = 0; p < kPartitions; ++p) {
    const auto lease = leases.find(p);
    count += lease && lease->is_leaving ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("JobLeases: what is held is valid until its time, and what is lost no more") {
  JobLeases leases;
  leases.hold(kThree, 3, JobLeases::now() + 10s);
  CHECK(leases.usable(1).size() == 3);
  const auto lease = leases.find(2);
  REQUIRE(lease);
  CHECK(lease->fence == "5");
  CHECK(leases.is_valid(*lease));
  leases.hold(kThree, 3, JobLeases::now() - 1ns);
  CHECK(!leases.is_valid(*lease));
  leases.hold(kThree, 3, JobLeases::now() + 10s);
  CHECK(leases.is_valid(*lease));
  leases.hold({{1, "4", true}}, 3, JobLeases::now() + 10s);
  CHECK(!leases.is_valid(*lease));
  CHECK(leases.find(2) == nullptr);
  leases.lose_all();
  CHECK(leases.usable(1).empty());
}

TEST_CASE(
    "JobLeases: it says which partitions are new to this process, and which of them others had before") {
  JobLeases leases;
  CHECK(leases.news_among(kThree) == std::vector<unsigned>{1, 2, 7});
  leases.hold(kThree, 3, JobLeases::now() + 10s);
  CHECK(leases.news_among(kThree).empty());
  CHECK(leases.news_among({{1, "4", true}, {2, "6", true}, {3, "1", false}}) == std::vector<unsigned>{2, 3});
  CHECK(leases.find(1)->was_taken_over());
  CHECK(!leases.find(7)->was_taken_over());
  CHECK(leases.find(7)->since <= JobLeases::now());
}

TEST_CASE("JobLeases: a partition that has been given away meanwhile is another one") {
  JobLeases leases;
  leases.hold(kThree, 3, JobLeases::now() + 10s);
  const auto before = leases.find(1);
  leases.hold({{1, "6", true}, {2, "5", true}}, 3, JobLeases::now() + 10s);
  CHECK(leases.find(1) != before);
  CHECK(!leases.is_valid(*before));
  CHECK(leases.is_valid(*leases.find(1)));
}

TEST_CASE("JobLeases: when the share is less, those with nothing under way are given back first") {
  JobLeases leases;
  leases.hold(kThree, 3, JobLeases::now() + 10s);
  leases.find(1)->running = 2;
  leases.find(7)->running = 1;
  leases.hold(kThree, 1, JobLeases::now() + 10s);
  CHECK(leaving(leases) == 2);
  CHECK(!leases.find(1)->is_leaving);
  CHECK(leases.to_give_back() == std::vector<unsigned>{2});
  leases.find(7)->running = 0;
  CHECK(leases.to_give_back() == std::vector<unsigned>{2, 7});
  CHECK(leases.usable(1).size() == 1);
}

TEST_CASE("JobLeases: a partition is given back once Redis knows all that has ended of it") {
  JobLeases leases;
  leases.hold(kThree, 3, JobLeases::now() + 10s);
  for (const unsigned partition : {1U, 2U, 7U}) leases.find(partition)->untold = 1;
  leases.hold(kThree, 2, JobLeases::now() + 10s);
  CHECK(leaving(leases) == 1);
  CHECK(leases.to_give_back().empty());
  for (const unsigned partition : {1U, 2U, 7U}) leases.find(partition)->untold = 0;
  CHECK(leases.to_give_back().size() == 1);
}

TEST_CASE("JobLeases: once all records are there, what has records is shared evenly, but for one") {
  const auto later = JobLeases::now() + 10s;
  const std::vector<HeldPartition> held{{1, "1", true}, {2, "1", false}, {3, "1", true}, {4, "1", true}};
  JobLeases leases;
  leases.hold(held, 4, later);
  leases.find(1)->running = 3;
  leases.hold(held, 4, later, 2);
  CHECK(leases.to_give_back().empty());
  leases.hold(held, 4, later, 1);
  CHECK(leases.to_give_back() == std::vector<unsigned>{3, 4});
  CHECK(!leases.find(1)->is_leaving);
  CHECK(!leases.find(2)->is_leaving);
}

TEST_CASE("JobLeases: where nothing is to be spared, what has records is shared exactly") {
  const auto later = JobLeases::now() + 10s;
  const std::vector<HeldPartition> held{{1, "1", true}, {2, "1", false}, {3, "1", true}};
  JobLeases leases;
  leases.hold(held, 4, later, 1);
  CHECK(leases.to_give_back().empty());
  leases.hold(held, 4, later, 1, 0);
  CHECK(leases.to_give_back() == std::vector<unsigned>{1});
}

TEST_CASE("JobLeases: an entry is in hand once, and one that is let go is read again") {
  JobLeases leases;
  leases.hold(kThree, 3, JobLeases::now() + 10s);
  Lease& lease = *leases.find(1);
  CHECK(leases.begin(lease, "5-0"));
  CHECK(!leases.begin(lease, "5-0"));
  lease.after = "5-0";
  leases.end(lease, "5-0", true);
  CHECK(lease.after == "0-0");
  CHECK(leases.empty());
  CHECK(leases.begin(lease, "5-0"));
  lease.after = "5-0";
  leases.end(lease, "5-0", false);
  CHECK(lease.after == "5-0");
}

TEST_CASE(
    "JobLeases: a partition of which nothing is in hand is read from its start, should Redis have lost an "
    "end") {
  JobLeases leases;
  leases.hold(kThree, 3, JobLeases::now() + 10s);
  Lease& lease = *leases.find(1);
  CHECK(leases.begin(lease, "5-0"));
  CHECK(leases.begin(lease, "6-0"));
  lease.after = "6-0";
  leases.end(lease, "5-0", false);
  CHECK(leases.read_from(lease) == "6-0");
  CHECK(leases.read_from(*leases.find(2)) == "0-0");
  leases.end(lease, "6-0", false);
  leases.end(lease, "6-0", false);  // a second time
  CHECK(leases.read_from(lease) == "0-0");
}
