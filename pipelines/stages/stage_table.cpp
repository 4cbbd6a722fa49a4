#include "pipelines/stages/stage_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "pipelines/options/checks.hpp"
#include "pipelines/options/fetch_args.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/stages/flow/batch.hpp"
#include "pipelines/stages/flow/delay.hpp"
#include "pipelines/stages/flow/ordered.hpp"
#include "pipelines/stages/flow/pace.hpp"
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
#include "pipelines/stages/record/where.hpp"
#include "pipelines/stages/sink/count.hpp"
#include "pipelines/stages/sink/null.hpp"
#include "pipelines/stages/sink/save.hpp"
#include "pipelines/stages/sink/write.hpp"
#include "pipelines/stages/source/aria2_source.hpp"
#include "pipelines/stages/source/csv_source.hpp"
#include "pipelines/stages/source/expand.hpp"
#include "pipelines/stages/source/json_source.hpp"
#include "pipelines/stages/source/lines.hpp"
#include "pipelines/stages/source/urls.hpp"
#include "pipelines/stages/stage_args.hpp"

namespace leat::pipelines {

namespace {

// How stages are made of their arguments.

template <class Kind, class Made, class Args>
Result<AnyStage> make(StageArgs args, RunContext& context) {
  return AnyStage(std::unique_ptr<Kind>(std::make_unique<Made>(std::get<Args>(std::move(args)), context)));
}

template <class Kind, class Made>
Result<AnyStage> make_plain(StageArgs, RunContext& context) {
  return AnyStage(std::unique_ptr<Kind>(std::make_unique<Made>(context)));
}

template <class Kind, class Made, class Args>
Result<AnyStage> make_alone(StageArgs args, RunContext&) {
  return AnyStage(std::unique_ptr<Kind>(std::make_unique<Made>(std::get<Args>(args))));
}

Result<AnyStage> make_ordered(StageArgs args, RunContext&) {
  return AnyStage(std::unique_ptr<Stage>(std::make_unique<Ordered>(std::get<OrderedArgs>(args).window)));
}

Result<AnyStage> make_save(StageArgs args, RunContext&) {
  auto made = Save::make(std::get<SaveArgs>(args));
  if (!made) return made.error();
  return AnyStage(std::unique_ptr<RecordStage>(std::move(*made)));
}

constexpr auto kSource = StageKind::source;
constexpr auto kStage = StageKind::stage;
constexpr auto kRecord = StageKind::record;
constexpr auto kSink = StageKind::sink;

// What they refuse, and why.
constexpr Refusals kOfSource{.timeout = "a source has no record yet; what fetches it takes timeout=",
                             .n = "a source makes one record after the other; how many are fetched at once "
                                  "says n= of fetch"};
constexpr Refusals kOfPick{.on_error = "no record fails in it",
                           .timeout = "it takes no time",
                           .n = "it looks at one record after the other"};
constexpr Refusals kOfOrdered{.n = "window= says how many places there are"};
constexpr Refusals kOfDelay{.n = "all records that come are delayed at once, up to 10000"};
constexpr Refusals kOfTee{.n = "the stages in its block take n="};
constexpr Refusals kOfWrite{.timeout = "a line waits for its reader",
                            .n = "it writes one line after the other"};
constexpr Refusals kOfNull{
    .on_error = "no record fails in it", .timeout = "it takes no time", .n = "it does nothing"};

// In the order of StageArgs.
const std::array kTable{
    StageRow{{.name = "lines",
              .kind = kSource,
              .help = "a record for each line of a file or of standard input: a URL or a JSON object",
              .example = "lines \"urls.txt\" | fetch n=8",
              .args = file_rows(),
              .refuses = kOfSource},
             bind_path<LinesArgs>,
             make<Source, Lines, LinesArgs>},
    StageRow{{.name = "urls",
              .kind = kSource,
              .help = "a record for each URL named here",
              .example = "urls http://127.0.0.1:8080/a http://127.0.0.1:8080/b | fetch",
              .args = urls_rows(),
              .refuses = kOfSource},
             bind_urls,
             make<Source, Urls, UrlsArgs>},
    StageRow{{.name = "fetch",
              .kind = kStage,
              .help = "sends each record's request, n at once; records go on as they complete",
              .example = "lines \"urls.txt\" | fetch n=8 retry=1 timeout=5s header=\"X-Id: {id}\" fail=5xx",
              .args = fetch_arg_rows(),
              .verify = verify_fetch},
             bind_fetch_stage,
             make<Stage, Fetch, FetchArgs>},
    StageRow{{.name = "save",
              .kind = kRecord,
              .help = "writes the body to a file and passes the record on",
              .example = "lines \"urls.txt\" | fetch | save \"out/{host}/{name}\" on-exist=overwrite",
              .args = save_rows(),
              .verify = verify_save},
             bind_save,
             make_save},
    StageRow{{.name = "ordered",
              .kind = kStage,
              .help = "puts records back into the order of the input",
              .example = "lines \"urls.txt\" | fetch | ordered window=100",
              .args = ordered_rows(),
              .verify = verify_waiting,
              .refuses = kOfOrdered},
             bind_ordered,
             make_ordered},
    StageRow{{.name = "write",
              .kind = kSink,
              .help = "prints a line for each record",
              .example = "lines \"urls.txt\" | fetch | write csv fields=url,status",
              .args = write_rows(),
              .verify = verify_write,
              .refuses = kOfWrite},
             bind_write,
             make<Sink, Write, WriteArgs>},
    StageRow{{.name = "json",
              .kind = kSource,
              .help = "a record for each JSON value of a file or of standard input: a URL, or an object of a "
                      "record's fields, all others of which go into meta",
              .example = "json \"items.json\" | write json fields=id,meta",
              .args = file_rows(),
              .refuses = kOfSource},
             bind_path<JsonArgs>,
             make<Source, JsonSource, JsonArgs>},
    StageRow{{.name = "csv",
              .kind = kSource,
              .help = "a record for each row of a table whose first row names the columns: url, method, …, "
                      "all others go into meta",
              .example = "csv \"items.csv\" | write json fields=url,meta",
              .args = csv_rows(),
              .refuses = kOfSource},
             bind_csv,
             make<Source, CsvSource, CsvArgs>},
    StageRow{{.name = "aria2",
              .kind = kSource,
              .help = "a record for each download of one of aria2's input files, with its options",
              .example = "aria2 \"downloads.txt\" | fetch",
              .args = file_rows(),
              .refuses = kOfSource},
             bind_path<Aria2Args>,
             make<Source, Aria2Source, Aria2Args>},
    StageRow{{.name = "expand",
              .kind = kSource,
              .help = "a record for each URL that curl's patterns stand for",
              .example = "expand http://127.0.0.1:8080/ok/[1-3] | fetch",
              .args = expand_rows(),
              .refuses = kOfSource},
             bind_expand,
             make<Source, Expand, ExpandArgs>},
    StageRow{{.name = "where",
              .kind = kRecord,
              .help = "passes on the records that the program is true for",
              .example = "lines \"urls.txt\" | fetch | where (.status == 200)",
              .args = program_rows()},
             bind_program<WhereArgs>,
             make_alone<RecordOp, Where, WhereArgs>},
    StageRow{{.name = "each",
              .kind = kStage,
              .help = "makes a record of each output: of text its URL, of an object its fields",
              .example = "lines \"urls.txt\" | fetch | each ({url, from: .id})",
              .args = program_rows()},
             bind_program<EachArgs>,
             make<Stage, Each, EachArgs>},
    StageRow{{.name = "set",
              .kind = kRecord,
              .help = "gives a record's places new values: url method body headers header.NAME mirrors "
                      "output sha256 sha1 md5 sha512 meta meta.NAME",
              .example = "lines \"urls.txt\" | set meta.host=\"x\" header.X-Line=(.line) | fetch",
              .args = set_rows(),
              .any_key = ArgType::expr,
              .any_key_check = check_text,
              .any_key_program_check = check_program,
              .any_key_name_check = check_place_name,
              .verify = verify_set},
             bind_set,
             make_alone<RecordOp, Set, SetArgs>},
    StageRow{{.name = "extract",
              .kind = kRecord,
              .help = "puts what is found in the body into meta, as an array",
              .example = "lines \"urls.txt\" | fetch | extract css=\"a[href]\" attr=href as=meta.links",
              .args = extract_rows(),
              .verify = verify_extract},
             bind_extract,
             make_alone<RecordOp, Extract, ExtractArgs>},
    StageRow{{.name = "dedupe",
              .kind = kStage,
              .help = "passes the first record of each key on",
              .example = "lines \"urls.txt\" | dedupe by=(.url)",
              .args = dedupe_rows()},
             bind_dedupe,
             make<Stage, Dedupe, DedupeArgs>},
    StageRow{{.name = "limit",
              .kind = kRecord,
              .help = "passes the first N good records on, then ends what comes before",
              .example = "lines \"urls.txt\" | limit 2",
              .args = limit_rows(),
              .refuses = kOfPick},
             bind_number<LimitArgs>,
             make<RecordOp, Limit, LimitArgs>},
    StageRow{{.name = "skip",
              .kind = kRecord,
              .help = "drops the first N records",
              .example = "lines \"urls.txt\" | skip 1",
              .args = skip_rows(),
              .refuses = kOfPick},
             bind_number<SkipArgs>,
             make<RecordOp, Skip, SkipArgs>},
    StageRow{{.name = "sample",
              .kind = kRecord,
              .help = "passes each record on with a probability",
              .example = "lines \"urls.txt\" | sample 50% seed=1",
              .args = sample_rows(),
              .refuses = kOfPick},
             bind_sample,
             make<RecordOp, Sample, SampleArgs>},
    StageRow{{.name = "hash",
              .kind = kRecord,
              .help = "puts a digest of the body into meta",
              .example = "lines \"urls.txt\" | fetch | hash sha256 as=meta.sum",
              .args = hash_rows()},
             bind_hash,
             make<RecordStage, Hash, HashArgs>},
    StageRow{{.name = "exec",
              .kind = kStage,
              .help = "runs a command for each record, without a shell; what it prints is .meta.exec",
              .example = "lines \"urls.txt\" | fetch | exec wc -c stdin=(.body) timeout=10s",
              .args = exec_rows()},
             bind_exec,
             make<Stage, Exec, ExecArgs>},
    StageRow{{.name = "batch",
              .kind = kStage,
              .help = "makes one record of several: .meta.batch is the array of them",
              .example = "lines \"urls.txt\" | batch n=2 within=1s",
              .args = batch_rows(),
              .verify = verify_batch},
             bind_batch,
             make<Stage, Batch, BatchArgs>},
    StageRow{{.name = "rate",
              .kind = kStage,
              .help = "passes records on at a pace",
              .example = "lines \"urls.txt\" | rate 100/s key=(.url)",
              .args = rate_rows()},
             bind_rate,
             make<Stage, Pace, RateArgs>},
    StageRow{{.name = "delay",
              .kind = kStage,
              .help = "passes each record on some time after it came",
              .example = "lines \"urls.txt\" | delay 10ms",
              .args = delay_rows(),
              .verify = verify_waiting,
              .refuses = kOfDelay},
             bind_delay,
             make<Stage, Delay, DelayArgs>},
    StageRow{{.name = "tee",
              .kind = kStage,
              .help = "sends a copy of each record through a block, too",
              .example = "lines \"urls.txt\" | fetch | tee { where (.status >= 400) | write json "
                         "to=\"bad.jsonl\" } | write csv fields=url,status",
              .args = tee_rows(),
              .verify = verify_waiting,
              .refuses = kOfTee},
             bind_tee,
             make_plain<Stage, Tee>},
    StageRow{{.name = "paginate",
              .kind = kStage,
              .help = "fetches a page, then the one that it names as the next, and so on",
              .example = "urls http://127.0.0.1:8080/ok/1 | paginate next=(.json.next) max=10",
              .args = paginate_rows(),
              .verify = verify_paginate},
             bind_paginate,
             make<Stage, Paginate, PaginateArgs>},
    StageRow{
        {.name = "crawl",
         .kind = kStage,
         .help =
             "a fetch that feeds itself: what its block makes of a page is fetched as well, each URL once",
         .example = "urls http://127.0.0.1:8080/ok/1 | crawl next={ extract css=\"a[href]\" attr=href "
                    "as=meta.links | each (.meta.links[]) } depth=2",
         .args = crawl_rows(),
         .verify = verify_crawl},
        bind_crawl,
        make<Stage, Crawl, CrawlArgs>},
    StageRow{{.name = "count",
              .kind = kSink,
              .help = "prints how many records there were, at the end",
              .example = "lines \"urls.txt\" | fetch | count by=(.status)",
              .args = count_rows(),
              .verify = verify_count},
             bind_count,
             make<Sink, Count, CountArgs>},
    StageRow{{.name = "null",
              .kind = kSink,
              .help = "takes records and prints nothing",
              .example = "lines \"urls.txt\" | fetch | null",
              .refuses = kOfNull},
             bind_nothing<NullArgs>,
             make_plain<Sink, Null>},
};
static_assert(std::tuple_size_v<decltype(kTable)> == std::variant_size_v<StageArgs>);

}  // namespace

std::span<const StageRow> stage_table() noexcept { return kTable; }

const StageRow& stage_row(const StageArgs& args) noexcept { return kTable[args.index()]; }

std::span<const Signature> stage_signatures() {
  static const auto signatures = [] {
    std::vector<Signature> all;
    for (const auto& row : kTable) all.push_back(row.signature);
    return all;
  }();
  return signatures;
}

}  // namespace leat::pipelines
