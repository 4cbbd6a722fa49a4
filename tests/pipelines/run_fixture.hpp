#pragma once

#include <unistd.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "pipelines/plan/bind_plan.hpp"
#include "pipelines/run/run.hpp"
#include "pipelines/spec/diagnostics.hpp"
#include "pipelines/spec/load.hpp"
#include "pipelines/stages/flow/ordered.hpp"
#include "pipelines/stages/network/fetch.hpp"
#include "pipelines/stages/sink/save.hpp"
#include "pipelines/stages/sink/write.hpp"
#include "pipelines/stages/source/lines.hpp"
#include "pipelines/stages/source/urls.hpp"
#include "pipelines/stages/stage_table.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

namespace leat::pipelines {

/// The origin that the tests of one binary share.
inline tests::OriginProcess& origin() {
  static tests::OriginProcess process;
  return process;
}

/// A plan as `get` would make it, which tests may change.
struct GetPlan {
  GetPlan() {
    fetch.n = 8;
    fetch.retry = 0;
    fetch.fail = StatusSet::errors();
  }

  [[nodiscard]] Plan plan() const {
    Plan plan;
    if (urls.empty()) {
      plan.stages.emplace_back(lines);
    } else {
      UrlsArgs args;
      args.urls = urls;
      plan.stages.emplace_back(std::move(args));
    }
    plan.stages.emplace_back(fetch);
    if (!save.file_template.empty()) plan.stages.emplace_back(save);
    if (ordered) plan.stages.emplace_back(OrderedArgs());
    plan.stages.emplace_back(write);
    return plan;
  }

  std::vector<std::string> urls;
  LinesArgs lines;
  FetchArgs fetch;
  SaveArgs save;
  WriteArgs write;
  bool ordered = false;
};

/// The result of a run.
struct Ran {
  Status status;
  RunStats stats;
  std::vector<tests::JsonLine> lines;
  bool every_record_has_a_line = true;  // as in plans of `get`

  [[nodiscard]] std::uint64_t count(Outcome outcome) const {
    return stats.outcomes[static_cast<std::size_t>(outcome)];
  }
  [[nodiscard]] const tests::JsonLine& of_id(int id) const {
    for (const auto& line : lines) {
      if (line.number("id") == id) return line;
    }
    FAIL("no line of id " << id);
    return lines.front();
  }
  /// The sum that must always hold, since every record has its line.
  void check_accounting() const {
    std::uint64_t sum = 0;
    for (const auto outcome : stats.outcomes) sum += outcome;
    CHECK(sum == stats.records_in);
    CHECK(stats.live == 0);
    CHECK(stats.running == 0);
    CHECK(stats.retrying == 0);
    if (!stats.output_closed && !status && every_record_has_a_line) CHECK(lines.size() == stats.records_in);
  }
};

/// Runs it on a loop of its own, with its output in a file.
inline Ran run_plan(const Plan& plan, bool every_record_has_a_line = true) {
  const tests::TempDir directory;
  const std::string path = (directory / "out");
  std::FILE* file = std::fopen(path.c_str(), "w");
  REQUIRE(file != nullptr);
  Ran ran;
  {
    async::EventLoop loop;
    Run run(loop, plan, ::fileno(file));
    ran.status = loop.run(run.execute());
    ran.stats = run.stats();
  }
  std::fclose(file);
  ran.lines = tests::json_lines(tests::read_file(path));
  ran.every_record_has_a_line = every_record_has_a_line;
  ran.check_accounting();
  return ran;
}

inline Ran run_plan(const GetPlan& get) { return run_plan(get.plan()); }

/// The plan that `leat run` makes of a spec; "$O" stands for the origin's address.
inline Plan plan_of_spec(std::string text) {
  const std::string root = origin().url("");
  for (auto at = text.find("$O"); at != std::string::npos; at = text.find("$O", at + root.size())) {
    text.replace(at, 2, root);
  }
  const auto loaded = load_spec(text, stage_signatures(), SpecOptions());
  REQUIRE_MESSAGE(loaded.ok(), render(loaded.faults));
  Plan plan = bind_plan(*loaded.pipeline);
  plan.secrets = secrets_of(*loaded.pipeline);
  plan.executable = LEAT_BINARY;
  return plan;
}

/// Runs a spec as `leat run` does it.
inline Ran run_spec(std::string text) { return run_plan(plan_of_spec(std::move(text)), false); }

}  // namespace leat::pipelines
