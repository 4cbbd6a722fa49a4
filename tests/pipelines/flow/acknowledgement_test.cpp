#include "pipelines/flow/acknowledgement.hpp"

#include <doctest/doctest.h>

#include "engine/async/sleep.hpp"
#include "engine/http/gate/host_gate.hpp"
#include "pipelines/flow/run_context.hpp"
#include "tests/pipelines/state/journal_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

async::Task<void> wait_turns(int turns) {
  for (int i = 0; i < turns; ++i) co_await async::yield();
}

// One result passes, and so many turns of the loop later as many as there are slots. Says whether there is
// room again long after that.
async::Task<bool> has_room_after(Acknowledgement& all, int turns, int slots) {
  all.pass();
  auto between = wait_turns(turns);
  co_await std::move(between);
  for (int i = 0; i < slots; ++i) all.pass();
  CHECK_FALSE(all.has_room());
  auto behind = wait_turns(100);
  co_await std::move(behind);
  co_return all.has_room();
}

}  // namespace

TEST_CASE(
    "Acknowledgement: results that have passed leave room again, in whichever turn of the loop they pass") {
  const tests::TempDir dir;
  OpenJournal journal(dir / "state.db");
  http::HostGateOptions options;
  options.slots = 2;
  const http::HostGate gate(journal.loop(), options);
  Stopping stopping;
  Transfers transfers;
  transfers.gates.push_back(&gate);
  for (int turns = 0; turns < 50; ++turns) {
    CAPTURE(turns);
    Acknowledgement all(stopping, transfers);
    all.begin(*journal);
    CHECK(journal.loop().run(has_room_after(all, turns, 2)));
  }
}
