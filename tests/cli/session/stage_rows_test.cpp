#include "cli/session/stage_rows.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace leat::cli;
using leat::pipelines::Bound;
using leat::pipelines::StageInfo;
using leat::pipelines::StageRole;
using leat::pipelines::StageState;

namespace {

StageInfo stage(const char* name, std::uint64_t in, std::uint64_t out) {
  StageInfo info;
  info.name = name;
  info.in = in;
  info.out = out;
  info.capacity = 64;
  return info;
}

std::vector<StageInfo> some_stages() {
  std::vector<StageInfo> stages{stage("lines", 211, 211), stage("fetch+save", 147, 134),
                                stage("write", 134, 134)};
  stages[0].capacity = 0;
  stages[0].state = StageState::blocked;
  stages[1].load.role = StageRole::gate;
  stages[1].load.busy = 13;
  stages[1].load.slots = 32;
  stages[1].queue = 64;
  stages[1].failed = 3;
  stages[1].state = StageState::busy;
  stages[1].limit = Bound::rate;
  return stages;
}

std::vector<std::string> names(const std::vector<std::string>& lines) {
  std::vector<std::string> names;
  for (const auto& line : lines) names.push_back(line.substr(0, line.find(' ', 2)));
  return names;
}

}  // namespace

TEST_CASE("stage_rows: each stage has a row, and the one that limits the others is marked and says why") {
  CHECK(stage_rows(some_stages(), 10) ==
        std::vector<std::string>{
            "  STAGE            IN      OUT  FAILED   QUEUE      BUSY",
            "  lines           211      211       0       -   blocked",
            "> fetch+save      147      134       3   64/64     13/32  limits: waits for the rate",
            "  write           134      134       0    0/64      idle"});
}

TEST_CASE("stage_rows: if there is room for only a few rows, the limiting one is among them") {
  std::vector<StageInfo> stages;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) stages.push_back(stage(name, 1, 1));
  stages[4].limit = Bound::work;
  CHECK(names(stage_rows(stages, 5)) == std::vector<std::string>{"  STAGE", "  d", "> e", "  f", "  and"});
  CHECK(names(stage_rows(stages, 3)) == std::vector<std::string>{"  STAGE", "> e", "  and"});
  CHECK(names(stage_rows(stages, 2)) == std::vector<std::string>{"  STAGE", "> e"});
  CHECK(stage_rows(stages, 5).back() == "  and 3 more");
  stages[4].limit.reset();
  stages[0].limit = Bound::work;
  CHECK(names(stage_rows(stages, 4)) == std::vector<std::string>{"  STAGE", "> a", "  b", "  and"});
  CHECK(stage_rows(stages, 7).size() == 7);
}

TEST_CASE("stage_words: it says the same for a line of a log") {
  CHECK(stage_words(some_stages()) ==
        "lines 211>211 blocked, fetch+save 147>134 3 failed queue 64/64 13/32 (limits: waits for the rate), "
        "write 134>134 queue 0/64 idle");
}

TEST_CASE("stages_json: each stage is an object, in order") {
  CHECK(stages_json({}) == "[]");
  auto stages = some_stages();
  stages.erase(stages.begin());
  CHECK(
      stages_json(stages) ==
      R"([{"name":"fetch+save","in":147,"out":134,"failed":3,"queue":64,"capacity":64,"busy":13,"slots":32,)"
      R"("state":"busy","limit":"rate"},{"name":"write","in":134,"out":134,"failed":0,"queue":0,)"
      R"("capacity":64,"busy":0,"slots":0,"state":"idle","limit":null}])");
}
