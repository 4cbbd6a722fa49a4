#include "pipelines/run/planner.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "pipelines/stages/flow/ordered.hpp"
#include "pipelines/stages/network/fetch.hpp"
#include "pipelines/stages/sink/save.hpp"
#include "pipelines/stages/sink/write.hpp"
#include "pipelines/stages/source/lines.hpp"
#include "pipelines/stages/source/urls.hpp"
#include "pipelines/stages/stage_table.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string fault_of(std::vector<PlannedStage> stages) {
  Plan plan;
  plan.stages = std::move(stages);
  const auto error = check_plan(plan);
  if (error) CHECK(error->code == Errc::bad_input);
  return error ? error->message : "";
}

}  // namespace

TEST_CASE("Planner: a plan begins with a source and ends with a sink") {
  CHECK(fault_of({LinesArgs(), FetchArgs(), WriteArgs()}).empty());
  CHECK(fault_of({}) == "the plan has no stage");
  CHECK(fault_of({FetchArgs(), WriteArgs()}) == "\"fetch\" is no source: a plan begins with one");
  CHECK(fault_of({LinesArgs(), UrlsArgs(), WriteArgs()}) == "\"urls\" is a source: it comes first");
  CHECK(fault_of({LinesArgs(), FetchArgs()}) == "\"fetch\" is no end: a plan ends with one");
  CHECK(fault_of({LinesArgs(), WriteArgs(), FetchArgs(), WriteArgs()}) ==
        "\"write\" is an end: nothing comes after it");
  FetchArgs nowhere;
  nowhere.threads = 0;
  CHECK(fault_of({LinesArgs(), nowhere, WriteArgs()}) == "\"fetch\" takes threads of at least 1");
}

TEST_CASE("Planner: a template that does not compile is found before any I/O") {
  SaveArgs save;
  save.file_template = "{nmae}";
  CHECK(fault_of({LinesArgs(), FetchArgs(), save, WriteArgs()}).find("did you mean {name}?") !=
        std::string::npos);
}

TEST_CASE("Planner: save is fused with the fetch before it, and each other stage has a task") {
  async::EventLoop loop;
  RunContext context(loop, 1);
  Plan plan;
  SaveArgs save;
  save.file_template = "{name}";
  plan.stages = {LinesArgs(), FetchArgs(), save, OrderedArgs(), WriteArgs()};
  auto built = build_pipeline(plan, context);
  REQUIRE(built.ok());
  std::vector<std::string> names;
  for (const auto& launch : built->launches) names.push_back(launch.name);
  CHECK(names == std::vector<std::string>{"write", "ordered", "fetch+save", "places", "lines"});
  CHECK(built->source != nullptr);
  CHECK(built->joints.front().name == "lines > places");
}

TEST_CASE("Stage table: there is a row for each kind of arguments, found by them, with a name of its own") {
  CHECK(stage_table().size() == 31);
  CHECK(row_of(LinesArgs()).signature.name == "lines");
  CHECK(row_of(WriteArgs()).signature.kind == StageKind::sink);
  for (const auto* row : stage_table()) {
    CHECK_FALSE(row->signature.help.empty());
    int same = 0;
    for (const auto* other : stage_table()) same += other->signature.name == row->signature.name ? 1 : 0;
    CHECK(same == (row->signature.name == "redis" ? 2 : 1));  // it is a source and an end
  }
}
