#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "pipelines/stages/record/pick.hpp"
#include "pipelines/stages/record/where.hpp"
#include "pipelines/stages/sink/count.hpp"
#include "pipelines/stages/sink/null.hpp"
#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

/// Runs to the end, and keeps the figures of the stages.
struct Counted {
  std::vector<StageInfo> stages;
  RunStats stats;
  [[nodiscard]] std::string of(const std::string& name) const {
    for (const auto& stage : stages) {
      if (stage.name != name) continue;
      return std::to_string(stage.in) + ">" + std::to_string(stage.out) + " " + std::to_string(stage.failed) +
             " " + std::string(to_string(stage.state));
    }
    return "none";
  }
};

Counted run(Plan plan) {
  const tests::TempDir directory;
  std::FILE* file = std::fopen((directory / "out").c_str(), "w");
  REQUIRE(file != nullptr);
  Counted counted;
  {
    async::EventLoop loop;
    Run run(loop, std::move(plan), ::fileno(file));
    CHECK(run.stages().empty());
    CHECK_FALSE(loop.run(run.execute()));
    counted.stages = run.stages();
    counted.stats = run.stats();
  }
  std::fclose(file);
  return counted;
}

UrlsArgs urls(std::initializer_list<const char*> paths) {
  UrlsArgs args;
  for (const char* path : paths) args.urls.push_back(origin().url(path));
  return args;
}

FetchArgs failing_fetch() {
  FetchArgs fetch;
  fetch.n = 2;
  fetch.retry = 0;
  fetch.fail = StatusSet::errors();
  return fetch;
}

}  // namespace

TEST_CASE(
    "Run::stages: each stage shows what it took, passed on and failed; a failure counts only where it "
    "happened") {
  Plan plan;
  plan.executable = LEAT_BINARY;
  auto args = urls({"/ok/1", "/status/404/a", "/status/500/b", "/ok/2"});
  args.urls.emplace_back("gopher://a.org/");
  plan.stages = {args, failing_fetch(), WhereArgs{".url | explode | implode | endswith(\"2\") | not"},
                 LimitArgs{10}, WriteArgs()};
  const auto counted = run(std::move(plan));
  REQUIRE(counted.stages.size() == 5);  // libjq runs this program
  CHECK(counted.of("urls") == "5>5 1 ended");
  CHECK(counted.of("fetch") == "5>5 2 ended");
  CHECK(counted.of("jq") == "5>5 0 ended");
  CHECK(counted.of("where+limit") == "5>4 0 ended");
  CHECK(counted.of("write") == "4>4 0 ended");
  for (const auto& stage : counted.stages) CHECK_FALSE(stage.limit);
}

TEST_CASE(
    "Run::stages: a block's stages come last, and a failure that it handled still counts where it happened") {
  auto block = std::make_shared<Plan>();
  block->stages = {NullArgs()};
  PlannedStage fetch(failing_fetch());
  fetch.on_error = block;
  Plan plan;
  plan.stages = {urls({"/ok/1", "/status/404/a", "/ok/2"}), fetch, WriteArgs()};
  const auto counted = run(std::move(plan));
  REQUIRE(counted.stages.size() == 4);
  CHECK(counted.of("fetch") == "3>3 1 ended");
  CHECK(counted.of("write") == "2>2 0 ended");
  CHECK(counted.stages.back().name == "fetch.on-error/null");
  CHECK(counted.of("fetch.on-error/null") == "1>1 0 ended");
}

TEST_CASE("Run::stats: it counts failures by code and host, however their records end") {
  Plan plan;
  plan.stages = {urls({"/status/404/a", "/status/404/b", "/status/500/c"}), failing_fetch(), CountArgs()};
  const auto report = run(std::move(plan)).stats.failures;
  REQUIRE(report.codes.size() == 1);
  CHECK(report.codes[0].code == Errc::http_status);
  CHECK(report.codes[0].count == 3);
  CHECK(report.codes[0].statuses == std::vector<std::pair<int, std::uint64_t>>{{404, 2}, {500, 1}});
  REQUIRE(report.hosts.size() == 1);
  CHECK(report.hosts[0].second == 3);
}

TEST_CASE("Run::stages: a record that a template can't show fails at the write") {
  WriteArgs write;
  write.format = WriteArgs::Format::text;
  write.text = "{meta.missing}\n";
  Plan plan;
  plan.stages = {urls({"/ok/1"}), write};
  CHECK(run(std::move(plan)).of("write") == "1>1 1 ended");
}
