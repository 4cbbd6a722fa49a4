#include "pipelines/stages/stage_table.hpp"

#include <array>
#include <utility>

#include "pipelines/stages/delay.hpp"
#include "pipelines/stages/fetch.hpp"
#include "pipelines/stages/lines.hpp"
#include "pipelines/stages/null.hpp"
#include "pipelines/stages/ordered.hpp"
#include "pipelines/stages/pick.hpp"
#include "pipelines/stages/save.hpp"
#include "pipelines/stages/tee.hpp"
#include "pipelines/stages/urls.hpp"
#include "pipelines/stages/write.hpp"

namespace leat::pipelines {

namespace {

template <class Kind, class Made, class Args>
Result<AnyStage> make(StageArgs args, RunContext& context) {
  return AnyStage(std::unique_ptr<Kind>(std::make_unique<Made>(std::get<Args>(std::move(args)), context)));
}

template <class Kind, class Made>
Result<AnyStage> make_plain(StageArgs, RunContext&) {
  return AnyStage(std::unique_ptr<Kind>(std::make_unique<Made>()));
}

template <class Kind, class Made, class Args>
Result<AnyStage> make_alone(StageArgs args, RunContext&) {
  return AnyStage(std::unique_ptr<Kind>(std::make_unique<Made>(std::get<Args>(args))));
}

Result<AnyStage> make_ordered(StageArgs args, RunContext&) {
  return AnyStage(std::unique_ptr<Stage>(std::make_unique<Ordered>(std::get<OrderedArgs>(args).window)));
}

Result<AnyStage> make_tee(StageArgs, RunContext& context) {
  return AnyStage(std::unique_ptr<Stage>(std::make_unique<Tee>(context)));
}

Result<AnyStage> make_save(StageArgs args, RunContext&) {
  auto made = Save::make(std::get<SaveArgs>(args));
  if (!made) return made.error();
  return AnyStage(std::unique_ptr<RecordStage>(std::move(*made)));
}

// In the order of StageArgs.
constexpr std::array kTable{
    StageRow{"lines", StageKind::source, "a record for each line of a file or of standard input",
             make<Source, Lines, LinesArgs>},
    StageRow{"urls", StageKind::source, "a record for each URL named here", make<Source, Urls, UrlsArgs>},
    StageRow{"fetch", StageKind::stage, "sends each record's request, n at once",
             make<Stage, Fetch, FetchArgs>},
    StageRow{"save", StageKind::record, "writes the body to a file that the template names", make_save},
    StageRow{"ordered", StageKind::stage, "puts records back into the order of the input", make_ordered},
    StageRow{"write", StageKind::sink, "prints a line of JSON for each record", make<Sink, Write, WriteArgs>},
    StageRow{"tee", StageKind::stage, "sends a copy of each record through a block", make_tee},
    StageRow{"limit", StageKind::record, "passes the first N records on, then ends what comes before",
             make_alone<RecordOp, Limit, LimitArgs>},
    StageRow{"skip", StageKind::record, "drops the first N records", make_alone<RecordOp, Skip, SkipArgs>},
    StageRow{"sample", StageKind::record, "passes each record on with a probability",
             make_alone<RecordOp, Sample, SampleArgs>},
    StageRow{"delay", StageKind::stage, "passes each record on some time after it came",
             make_alone<Stage, Delay, DelayArgs>},
    StageRow{"null", StageKind::sink, "takes records and prints nothing", make_plain<Sink, Null>},
};
static_assert(kTable.size() == std::variant_size_v<StageArgs>);

}  // namespace

std::span<const StageRow> stage_table() noexcept { return kTable; }

const StageRow& stage_row(const StageArgs& args) noexcept { return kTable[args.index()]; }

}  // namespace leat::pipelines
