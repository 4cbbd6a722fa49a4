#include "pipelines/run/stage_info.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::pipelines;

namespace {

/// A stage as the tables below write it.
struct Row {
  StageRole role = StageRole::work;
  std::size_t queue = 0;
  StageState state = StageState::idle;
  bool next_full = false;
  std::size_t busy = 0;
  std::size_t slots = 0;
  std::size_t at_hosts = 0;
  bool rate_holds = false;
  bool no_room = false;
};

constexpr std::size_t kCapacity = 64;

StageInfo stage(const Row& row) {
  StageInfo info;
  info.queue = row.queue;
  info.capacity = row.role == StageRole::source ? 0 : kCapacity;
  info.state = row.state;
  info.next_full = row.next_full;
  info.load.role = row.role;
  info.load.busy = row.busy;
  info.load.slots = row.slots;
  info.load.backlog = info.load.at_hosts = row.at_hosts;
  info.load.rate_holds = row.rate_holds;
  info.load.no_room = row.no_room;
  return info;
}

// A text such as "2 slots", or "none".
std::string limit_of(const std::vector<Row>& rows) {
  std::vector<StageInfo> stages;
  for (const auto& row : rows) stages.push_back(stage(row));
  const auto limit = find_limit(stages);
  return limit ? std::to_string(limit->stage) + " " + std::string(to_string(limit->why)) : "none";
}

constexpr auto kSource = StageRole::source;
constexpr auto kGate = StageRole::gate;
constexpr auto kSink = StageRole::sink;
constexpr auto kBusy = StageState::busy;
constexpr auto kBlocked = StageState::blocked;
constexpr auto kEnded = StageState::ended;
constexpr std::size_t kFull = kCapacity;

const Row kBlockedSource{.role = kSource, .state = kBlocked, .next_full = true};
const Row kEndedSource{.role = kSource, .state = kEnded};
const Row kIdleSink{.role = kSink};

}  // namespace

TEST_CASE("find_limit: it names the last stage that is behind while the next one isn't, and says why") {
  struct Case {
    const char* limit;
    std::vector<Row> stages;
  };
  const std::vector<Case> cases{
      // A fetch with records before it, and what it waits for.
      {"1 slots", {kBlockedSource, {kGate, kFull, kBusy, false, 8, 8}, kIdleSink}},
      {"1 slots", {kBlockedSource, {kGate, kFull, kBusy, false, 8, 8, 5}, kIdleSink}},
      {"1 rate", {kBlockedSource, {kGate, kFull, kBusy, false, 3, 8, 0, true}, kIdleSink}},
      {"1 host", {kBlockedSource, {kGate, kFull, kBusy, false, 3, 8, 5}, kIdleSink}},
      {"1 work", {kBlockedSource, {kGate, kFull, kBusy, false, 3, 8}, kIdleSink}},
      // It reads ahead of a parked host, so its queue is empty; a few such records don't matter.
      {"1 host", {{.role = kSource}, {kGate, 0, kBusy, false, 3, 8, 500}, kIdleSink}},
      {"0 input", {{.role = kSource}, {kGate, 0, kBusy, false, 3, 8, 2}, kIdleSink}},
      // The reader is behind: all queues up to the last are full.
      {"2 reader",
       {kBlockedSource,
        {kGate, kFull, kBlocked, true, 8, 8},
        {.role = kSink, .queue = kFull, .state = kBusy, .no_room = true}}},
      {"2 work", {kBlockedSource, {.queue = kFull, .next_full = true}, {.role = kSink, .queue = kFull}}},
      // The second of two stages that are behind is the limit, since the output of the first one has room
      // again.
      {"2 slots",
       {kBlockedSource,
        {kGate, kFull, kBusy, false, 8, 8},
        {StageRole::pool, kFull, kBusy, false, 2, 2},
        kIdleSink}},
      {"1 rate", {kBlockedSource, {.role = StageRole::rate, .queue = kFull, .state = kBusy}, kIdleSink}},
      {"1 libjq", {kBlockedSource, {.role = StageRole::libjq, .queue = kFull, .state = kBusy}, kIdleSink}},
      {"1 work", {kBlockedSource, {.queue = kFull, .state = kBusy}, kIdleSink}},
      // No stage is behind: the source brings too little.
      {"0 input", {{.role = kSource, .state = kBusy}, {kGate, 3, kBusy, false, 8, 8}, kIdleSink}},
      {"0 input", {{.role = kSource}, {}, kIdleSink}},
      // The source has ended: the limit is the stage that has most left to do.
      {"1 slots", {kEndedSource, {kGate, 20, kBusy, false, 8, 8}, {.role = kSink, .queue = 1}}},
      {"1 work", {kEndedSource, {kGate, 0, kBusy, false, 3, 8}, kIdleSink}},
      {"2 work", {kEndedSource, {kGate, 0, kEnded, false, 0, 8}, {.role = kSink, .queue = 5}}},
      // A stage that has ended limits nobody.
      {"none", {kEndedSource, {kGate, 0, kEnded, false, 0, 8}, kIdleSink}},
      {"2 work", {kEndedSource, {kGate, kFull, kEnded}, {.role = kSink, .queue = kFull}}},
      {"none", {}},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(i);
    CHECK(limit_of(cases[i].stages) == cases[i].limit);
  }
}

TEST_CASE("find_limit: a block that is behind delays the stage that it belongs to") {
  CHECK(limit_of({kBlockedSource,
                  {.queue = kFull, .state = kBlocked},
                  kIdleSink,
                  {kGate, kFull, kBusy, false, 8, 8},
                  kIdleSink}) == "3 slots");
}
