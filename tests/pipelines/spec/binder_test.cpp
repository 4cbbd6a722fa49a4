#include "pipelines/spec/binder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/spec/stages_fixture.hpp"

using namespace leat::pipelines;
using namespace leat::pipelines::spec_test;

namespace {

using Block = std::shared_ptr<const BoundPipeline>;

BoundPipeline bound(const std::string& spec) {
  auto loaded = World().load(spec);
  REQUIRE(render(loaded.faults) == "");
  return *std::move(loaded.pipeline);
}

std::string names(const BoundPipeline& pipeline) {
  std::string out;
  for (const auto& stage : pipeline.stages)
    out += (out.empty() ? "" : " ") + std::string(stage.signature->name);
  return out;
}

const BoundPipeline& block(const BoundStage& stage, std::string_view key) {
  const auto* arg = stage.find(key);
  REQUIRE(arg != nullptr);
  return *std::get<Block>(arg->value.value);
}

}  // namespace

TEST_CASE("bind: a pipeline without a sink ends in write json") {
  const auto pipeline = bound("lines | fetch");
  CHECK(names(pipeline) == "lines fetch write");
  const auto& format = pipeline.stages.back().args.at(0).value;
  CHECK(std::get<std::string>(format.value) == "json");
  CHECK(format.choice);
  CHECK(names(bound("lines")) == "lines write");
  CHECK(names(bound("lines | null")) == "lines null");
  CHECK(names(bound("lines | save x")) == "lines save write");
}

TEST_CASE("bind: a block ends in write json, too, unless its records come back") {
  const auto pipeline = bound("lines | tee { fetch } | fetch on-error={ limit 1 } | crawl next={ fetch }");
  CHECK(names(block(pipeline.stages[1], "{…}")) == "fetch write");
  CHECK(names(block(pipeline.stages[2], "on-error")) == "limit write");
  CHECK(names(block(pipeline.stages[3], "next")) == "fetch");
  CHECK(names(block(bound("lines | tee { null }").stages[1], "{…}")) == "null");
}

TEST_CASE("bind: a block within a block that comes back has its own end") {
  const auto pipeline = bound("lines | crawl next={ tee { fetch } | fetch on-error={ fetch } }");
  const auto& next = block(pipeline.stages[1], "next");
  CHECK(names(next) == "tee fetch");
  CHECK(names(block(next.stages[0], "{…}")) == "fetch write");
  CHECK(names(block(next.stages[1], "on-error")) == "fetch write");
}

TEST_CASE("bind: a name with two signatures is the source if it stands in the place of a source") {
  const auto pipeline = bound("queue | fetch | tee { queue } | queue");
  CHECK(pipeline.stages.front().signature->kind == StageKind::source);
  CHECK(pipeline.stages.back().signature->kind == StageKind::sink);
  CHECK(names(block(pipeline.stages[2], "{…}")) == "queue");
}

TEST_CASE("bind: stages keep their places in the text") {
  const auto pipeline = bound("lines | fetch n=3");
  CHECK(pipeline.stages[1].span.begin == 8);
  CHECK(pipeline.stages[1].span.end == 13);
  CHECK(pipeline.stages[1].args[0].span.begin == 16);
}

TEST_CASE("bind: a stage that was not understood causes no further errors") {
  CHECK(errors_of("lines | limit )") ==
        "spec:1:15: error: this \")\" closes nothing\nlines | limit )\n              ^\n");
  CHECK(errors_of("| fetch").find("source") == std::string::npos);
}
