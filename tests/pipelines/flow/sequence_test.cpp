#include "pipelines/flow/sequence.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

using namespace leat::pipelines;

namespace {

using Ids = std::vector<std::uint64_t>;

void put(RecordLine& line, const Ids& ids) {
  for (const auto id : ids) {
    auto record = std::make_unique<Record>();
    record->id = id;
    line.put(std::move(record));
  }
}

Ids popped(RecordLine& line) {
  Ids ids;
  while (auto record = line.pop()) ids.push_back(record->id);
  return ids;
}

}  // namespace

TEST_CASE("RecordLine: in whatever order records come, they leave in the given order") {
  Ids order(500);
  std::iota(order.begin(), order.end(), 1);
  std::mt19937 random(7);
  std::shuffle(order.begin(), order.end(), random);
  Ids coming = order;
  std::shuffle(coming.begin(), coming.end(), random);
  RecordLine line(order, 1000);
  Ids left;
  for (const auto id : coming) {
    put(line, {id});
    const Ids now = popped(line);
    left.insert(left.end(), now.begin(), now.end());
  }
  CHECK(left == order);
  CHECK(line.empty());
}

TEST_CASE(
    "RecordLine: an early record waits for those before it, and an id that is given twice comes twice") {
  RecordLine line({3, 1, 3, 2}, 100);
  put(line, {1, 2});
  CHECK(popped(line).empty());
  CHECK_FALSE(line.empty());
  put(line, {3});
  CHECK(popped(line) == Ids{3, 1});
  put(line, {3});
  CHECK(popped(line) == Ids{3, 2});
}

TEST_CASE(
    "RecordLine: a record that doesn't come is skipped on request, and goes on at once if it comes after "
    "all") {
  RecordLine line({1, 2, 3, 4}, 100);
  put(line, {3, 4});
  line.skip();
  CHECK(popped(line) == Ids{3, 4});
  put(line, {2});
  CHECK(popped(line) == Ids{2});
}

TEST_CASE("RecordLine: it skips a record by itself once more records wait than may overtake it") {
  RecordLine line({1, 2, 3, 4, 5}, 2);
  put(line, {2, 4});
  CHECK(popped(line).empty());
  put(line, {5});
  CHECK(popped(line) == Ids{2});
  put(line, {3});
  CHECK(popped(line) == Ids{3, 4, 5});
}

TEST_CASE("RecordLine: records that are not in the order come after all that are, as they came") {
  RecordLine line({1, 2}, 100);
  put(line, {9, 8, 2});
  CHECK(popped(line).empty());
  put(line, {1});
  CHECK(popped(line) == Ids{1, 2, 9, 8});
  put(line, {7});
  CHECK(popped(line) == Ids{7});
}

TEST_CASE("RecordLine: if no order is known, nobody waits") {
  RecordLine line({}, 100);
  put(line, {5, 4});
  CHECK(popped(line) == Ids{5, 4});
}
