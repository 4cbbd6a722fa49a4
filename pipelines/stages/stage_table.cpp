#include "pipelines/stages/stage_table.hpp"

#include <array>
#include <utility>

#include "pipelines/stages/fetch.hpp"
#include "pipelines/stages/lines.hpp"
#include "pipelines/stages/ordered.hpp"
#include "pipelines/stages/save.hpp"
#include "pipelines/stages/urls.hpp"
#include "pipelines/stages/write.hpp"

namespace leat::pipelines {

namespace {

template <class Kind, class Made, class Args>
Result<AnyStage> make(StageArgs args, RunContext& context) {
  return AnyStage(std::unique_ptr<Kind>(std::make_unique<Made>(std::get<Args>(std::move(args)), context)));
}

Result<AnyStage> make_ordered(StageArgs, RunContext&) {
  return AnyStage(std::unique_ptr<Stage>(std::make_unique<Ordered>()));
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
};
static_assert(kTable.size() == std::variant_size_v<StageArgs>);

}  // namespace

std::span<const StageRow> stage_table() noexcept { return kTable; }

const StageRow& stage_row(const StageArgs& args) noexcept { return kTable[args.index()]; }

}  // namespace leat::pipelines
