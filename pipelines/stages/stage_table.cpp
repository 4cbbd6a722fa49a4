#include "pipelines/stages/stage_table.hpp"

#include <array>
#include <vector>

#include "pipelines/stages/flow/batch.hpp"
#include "pipelines/stages/flow/delay.hpp"
#include "pipelines/stages/flow/ordered.hpp"
#include "pipelines/stages/flow/rate.hpp"
#include "pipelines/stages/flow/tee.hpp"
#include "pipelines/stages/network/crawl.hpp"
#include "pipelines/stages/network/fetch.hpp"
#include "pipelines/stages/network/paginate.hpp"
#include "pipelines/stages/record/dedupe.hpp"
#include "pipelines/stages/record/each.hpp"
#include "pipelines/stages/record/exec.hpp"
#include "pipelines/stages/record/extract.hpp"
#include "pipelines/stages/record/hash.hpp"
#include "pipelines/stages/record/pick.hpp"
#include "pipelines/stages/record/set.hpp"
#include "pipelines/stages/record/verify.hpp"
#include "pipelines/stages/record/where.hpp"
#include "pipelines/stages/sink/count.hpp"
#include "pipelines/stages/sink/null.hpp"
#include "pipelines/stages/sink/redis_end.hpp"
#include "pipelines/stages/sink/save.hpp"
#include "pipelines/stages/sink/write.hpp"
#include "pipelines/stages/source/aria2.hpp"
#include "pipelines/stages/source/csv.hpp"
#include "pipelines/stages/source/expand.hpp"
#include "pipelines/stages/source/json.hpp"
#include "pipelines/stages/source/lines.hpp"
#include "pipelines/stages/source/redis_source.hpp"
#include "pipelines/stages/source/urls.hpp"

namespace leat::pipelines {

namespace {

template <class... Args>
std::array<const StageRow*, sizeof...(Args)> rows_of() {
  return {&row_of(Args())...};
}

}  // namespace

std::span<const StageRow* const> stage_table() {
  static const auto rows =
      rows_of<LinesArgs, UrlsArgs, FetchArgs, SaveArgs, OrderedArgs, WriteArgs, JsonArgs, CsvArgs, Aria2Args,
              ExpandArgs, RedisSourceArgs, WhereArgs, EachArgs, SetArgs, ExtractArgs, DedupeArgs, LimitArgs,
              SkipArgs, SampleArgs, HashArgs, VerifyArgs, ExecArgs, BatchArgs, RateArgs, DelayArgs, TeeArgs,
              PaginateArgs, CrawlArgs, CountArgs, NullArgs, RedisEndArgs>();
  return rows;
}

std::span<const Signature> stage_signatures() {
  static const auto signatures = [] {
    std::vector<Signature> all;
    for (const auto* row : stage_table()) all.push_back(row->signature);
    return all;
  }();
  return signatures;
}

}  // namespace leat::pipelines
