#include "pipelines/stages/ordered.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::pipelines;

namespace {

RecordPtr record_with(std::uint64_t id) {
  auto record = std::make_unique<Record>();
  record->id = id;
  return record;
}

Task<void> send_ids(RecordSender out, std::vector<std::uint64_t> ids) {
  for (const auto id : ids) co_await out.send(record_with(id));
}

Task<void> order(std::vector<std::uint64_t> ids, std::vector<std::uint64_t>& got) {
  Ordered ordered;
  auto [first, in] = make_channel<RecordPtr>(4);
  auto [out, last] = make_channel<RecordPtr>(4);
  auto running = spawn(ordered.run(std::move(in), std::move(out)));
  auto sending = spawn(send_ids(std::move(first), std::move(ids)));
  for (;;) {
    auto record = co_await last.next();
    if (!record) break;
    got.push_back((*record)->id);
  }
  co_await running;
  co_await sending;
}

}  // namespace

TEST_CASE("Ordered: records come out by their ids, whatever order they came in") {
  ManualLoop t;
  std::vector<std::uint64_t> ids(200);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = i + 1;
  auto shuffled = ids;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(1));
  std::vector<std::uint64_t> got;
  t.run(order(shuffled, got));
  CHECK(got == ids);
}

TEST_CASE("Ordered: a record that never comes holds up the others only to the end") {
  ManualLoop t;
  std::vector<std::uint64_t> got;
  t.run(order({4, 1, 3}, got));
  CHECK(got == std::vector<std::uint64_t>{1, 3, 4});
}
