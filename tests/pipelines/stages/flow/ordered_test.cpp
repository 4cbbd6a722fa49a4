#include "pipelines/stages/flow/ordered.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::pipelines;

namespace {

constexpr std::size_t kWindow = 1000;

/// An Ordered between two channels, whose inner part a test can reach.
struct Part {
  Ordered ordered{kWindow};

  RecordPtr enter(std::uint64_t id) {
    auto record = std::make_unique<Record>();
    record->id = id;
    ordered.order().enter(*record, Semaphore::Permit());
    return record;
  }
};

Task<void> send_all(RecordSender out, std::vector<RecordPtr>& records) {
  for (auto& record : records) {
    if (record) co_await out.send(std::move(record));
  }
}

// The ids in the order in which they come out.
Task<void> order(Part& part, std::vector<RecordPtr>& records, std::vector<std::uint64_t>& got) {
  auto [first, in] = make_channel<RecordPtr>(4);
  auto [out, last] = make_channel<RecordPtr>(4);
  auto running = spawn(part.ordered.run(std::move(in), std::move(out)));
  auto sending = spawn(send_all(std::move(first), records));
  for (;;) {
    auto record = co_await last.next();
    if (!record) break;
    got.push_back((*record)->id);
  }
  co_await running;
  co_await sending;
}

}  // namespace

TEST_CASE("Ordered: records come out in the order in which they entered, whatever order they came in") {
  ManualLoop t;
  Part part;
  std::vector<std::uint64_t> ids(200);
  std::vector<RecordPtr> records;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ids[i] = i + 1;
    records.push_back(part.enter(i + 1));
  }
  std::shuffle(records.begin(), records.end(), std::mt19937(1));
  std::vector<std::uint64_t> got;
  t.run(order(part, records, got));
  CHECK(got == ids);
}

TEST_CASE("Ordered: a record that is dropped on the way delays no other") {
  ManualLoop t;
  Part part;
  std::vector<RecordPtr> records;
  for (std::uint64_t id = 1; id <= 4; ++id) records.push_back(part.enter(id));
  std::swap(records[0], records[3]);
  records[1].reset();
  std::vector<std::uint64_t> got;
  t.run(order(part, records, got));
  CHECK(got == std::vector<std::uint64_t>{1, 3, 4});
}

TEST_CASE(
    "Ordered: records that came of one record stand in its place, in the order in which they were made") {
  ManualLoop t;
  Part part;
  auto first = part.enter(1);
  auto second = part.enter(2);
  std::vector<RecordPtr> records;
  records.push_back(std::move(second));
  for (std::uint32_t index : {2u, 0u, 1u}) {
    records.push_back(descend(*first, index));
    records.back()->id = 10 + index;
  }
  auto grandchild = descend(*records.back(), 0);
  grandchild->id = 20;
  records.back() = std::move(grandchild);
  first.reset();
  std::vector<std::uint64_t> got;
  t.run(order(part, records, got));
  CHECK(got == std::vector<std::uint64_t>{10, 20, 12, 2});
}

TEST_CASE("OrderEntry: at most as many records as the window are on the way") {
  ManualLoop t;
  Order places(2);
  OrderEntry entry(places);
  const auto run = [](OrderEntry& stage) -> Task<void> {
    auto [first, in] = make_channel<RecordPtr>(0);
    auto [out, last] = make_channel<RecordPtr>(0);
    auto running = spawn(stage.run(std::move(in), std::move(out)));
    for (int i = 0; i < 5; ++i) co_await first.send(std::make_unique<Record>());
    for (int i = 0; i < 10; ++i) co_await yield();
    std::vector<RecordPtr> here;
    while (auto record = last.try_next()) here.push_back(std::move(*record));
    CHECK(here.size() == 2);
    here.pop_back();
    for (int i = 0; i < 10; ++i) co_await yield();
    CHECK(last.try_next().has_value());
    running.cancel();
  };
  t.run(run(entry));
}
