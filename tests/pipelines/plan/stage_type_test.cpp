#include "pipelines/plan/stage_type.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <type_traits>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

/// All that it takes to add a stage is here: its arguments, its class and its row.
struct RepeatArgs {
  std::uint64_t times = 1;
  std::string word = "again";
  bool loud = false;
};
const StageRow& row_of(const RepeatArgs& args) noexcept;

/// repeat: writes a word into the record's meta, so many times.
class Repeat final : public RecordOp {
 public:
  explicit Repeat(const RepeatArgs& args) : args_(args) {}
  Verdict apply(Record& record, RecordView& view) override {
    record.meta = "{\"said\":\"";
    for (std::uint64_t i = 0; i < args_.times; ++i) record.meta += args_.word;
    record.meta += args_.loud ? "!\"}" : "\"}";
    view.forget();
    return Verdict::pass;
  }

 private:
  RepeatArgs args_;
};

const StageRow& row_of(const RepeatArgs& /*args*/) noexcept {
  static const StageType<RepeatArgs> row({
      .signature = {.name = "repeat",
                    .kind = StageKind::record,
                    .help = "says a word several times",
                    .example = "lines | repeat 3"},
      .args = {arg<&RepeatArgs::times>(
                   {.name = "N", .type = ArgType::count, .help = "how often", .required = true}),
               arg<&RepeatArgs::word>({.key = "word", .name = "TEXT", .help = "what (default again)"}),
               arg<&RepeatArgs::loud>({.key = "loud", .name = "BOOL", .type = ArgType::flag, .help = "!"})},
      .make = make_alone<RecordOp, Repeat, RepeatArgs>,
      .facts =
          [](const RepeatArgs&) {
            return StageFacts{.reads_body = false, .ends_by_itself = true, .reach = 0};
          },
      .notes = no_notes<RepeatArgs>,
  });
  return row;
}

// What a new stage must answer can't be left out.
template <class Facts>
constexpr bool kLeavesReachOut = requires {
  Facts{.reads_body = true, .ends_by_itself = true};
};
template <class Facts>
constexpr bool kAnswersAll = requires {
  Facts{.reads_body = true, .ends_by_itself = true, .reach = 0};
};
static_assert(!kLeavesReachOut<StageFacts> && kAnswersAll<StageFacts>);
static_assert(!std::is_default_constructible_v<StageDefinition<RepeatArgs>>);

std::vector<Signature> signatures() {
  std::vector<Signature> all(stage_signatures().begin(), stage_signatures().end());
  all.push_back(row_of(RepeatArgs()).signature);
  return all;
}

Plan plan_of(const std::string& text) {
  const auto all = signatures();
  const auto loaded = load_spec(text, all, SpecOptions());
  REQUIRE_MESSAGE(loaded.ok(), render(loaded.faults));
  return bind_plan(*loaded.pipeline);
}

}  // namespace

TEST_CASE(
    "StageType: a stage in a single file is bound, planned and run without any other code that knows it") {
  const Plan plan = plan_of("urls " + origin().url("/ok/1") + " | repeat 2 word=ha loud=true | write json");
  const auto* args = plan.stages.at(1).args.get_if<RepeatArgs>();
  REQUIRE(args != nullptr);
  CHECK(args->times == 2);
  CHECK(plan.stages.at(1).args.get_if<WriteArgs>() == nullptr);
  const Ran ran = run_plan(plan);
  CHECK(std::string(ran.lines.at(0)["meta"]["said"].GetString()) == "haha!");
}

TEST_CASE(
    "StageType: an argument that is not written has its default, and the shared arguments are kept beside "
    "it") {
  const Plan plan = plan_of("lines | repeat 3 timeout=2s on-error={ null } | write json");
  const PlannedStage& stage = plan.stages.at(1);
  CHECK(stage.args.get_if<RepeatArgs>()->word == "again");
  CHECK_FALSE(stage.args.get_if<RepeatArgs>()->loud);
  CHECK(stage.timeout == std::chrono::seconds(2));
  REQUIRE(stage.on_error != nullptr);
  CHECK(stage.on_error->stages.size() == 1);
}

TEST_CASE(
    "StageType: the example of every stage is bound, and contains the stage with the arguments of its row") {
  for (const auto* row : stage_table()) {
    CAPTURE(row->signature.name);
    const auto stages = plan_of(std::string(row->signature.example)).stages;
    CHECK(std::any_of(stages.begin(), stages.end(),
                      [&](const PlannedStage& stage) { return &stage.args.row() == row; }));
    CHECK(row->signature.row == row);
  }
}

TEST_CASE(
    "reads_body: a block reads bodies if its stages do, and a crawl's own pages are not those that it gets") {
  const auto reads = [](const std::string& spec) { return reads_body(plan_of(spec).stages, 1); };
  CHECK_FALSE(reads("lines | where (.status == 200) | write json"));
  CHECK(reads("lines | where (.body != null) | write json"));
  CHECK(reads("lines | tee { hash | null } | write json"));
  CHECK(reads("lines | where (.id > 1) on-error={ write \"{body}\" } | write json"));
  CHECK_FALSE(
      reads("lines | crawl next={ extract css=\"a\" attr=href | each (.meta.extract[]) } | write json"));
  CHECK(reads("lines | write json include=body"));
  CHECK(reads("lines | save \"{name}\" | null"));
}
