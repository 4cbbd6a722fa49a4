#include "pipelines/stages/stage_table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "pipelines/expr/template.hpp"
#include "pipelines/extract/regex.hpp"
#include "pipelines/extract/selector.hpp"
#include "pipelines/extract/xpath.hpp"
#include "pipelines/stages/arg_reader.hpp"
#include "pipelines/stages/batch.hpp"
#include "pipelines/stages/checks.hpp"
#include "pipelines/stages/count.hpp"
#include "pipelines/stages/crawl.hpp"
#include "pipelines/stages/csv_source.hpp"
#include "pipelines/stages/dedupe.hpp"
#include "pipelines/stages/delay.hpp"
#include "pipelines/stages/digest.hpp"
#include "pipelines/stages/each.hpp"
#include "pipelines/stages/exec.hpp"
#include "pipelines/stages/expand.hpp"
#include "pipelines/stages/extract.hpp"
#include "pipelines/stages/fetch.hpp"
#include "pipelines/stages/fetch_args.hpp"
#include "pipelines/stages/hash.hpp"
#include "pipelines/stages/json_source.hpp"
#include "pipelines/stages/lines.hpp"
#include "pipelines/stages/null.hpp"
#include "pipelines/stages/ordered.hpp"
#include "pipelines/stages/outside.hpp"
#include "pipelines/stages/pace.hpp"
#include "pipelines/stages/paginate.hpp"
#include "pipelines/stages/pick.hpp"
#include "pipelines/stages/save.hpp"
#include "pipelines/stages/set.hpp"
#include "pipelines/stages/tee.hpp"
#include "pipelines/stages/urls.hpp"
#include "pipelines/stages/where.hpp"
#include "pipelines/stages/write.hpp"

namespace leat::pipelines {

namespace {

// How stages are made of their arguments.

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

// What the stages take: rows, then how they become a struct.

template <std::size_t N, std::size_t M>
constexpr std::array<ArgRow, N + M> join(const std::array<ArgRow, N>& a, const std::array<ArgRow, M>& b) {
  std::array<ArgRow, N + M> rows;
  std::copy(a.begin(), a.end(), rows.begin());
  std::copy(b.begin(), b.end(), rows.begin() + N);
  return rows;
}

constexpr ArgRow program_row(std::string_view key, std::string_view help, bool required = false) {
  return {.key = key,
          .name = "(JQ)",
          .type = ArgType::jq,
          .help = help,
          .required = required,
          .check = check_program};
}

constexpr std::array kFileRow{
    ArgRow{.name = "FILE", .type = ArgType::path, .help = "what is read; - is standard input (default -)"}};
constexpr std::array kProgramRow{program_row("", "the program", true)};

template <class Args>
StageArgs bind_path(const BoundStage& stage) {
  Args args;
  ArgReader(stage).read("FILE", args.path);
  return args;
}

template <class Args>
StageArgs bind_program(const BoundStage& stage) {
  Args args;
  ArgReader(stage).read("(JQ)", args.program);
  return args;
}

template <class Args>
StageArgs bind_nothing(const BoundStage& /*stage*/) {
  return Args();
}

constexpr std::array<std::string_view, 3> kDelimiters{"comma", "tab", "semicolon"};
constexpr std::array kCsvRows{kFileRow[0], ArgRow{.key = "delimiter",
                                                  .name = "WORD",
                                                  .type = ArgType::word,
                                                  .help = "comma, tab or semicolon (default comma)",
                                                  .choices = kDelimiters}};
StageArgs bind_csv(const BoundStage& stage) {
  const ArgReader reader(stage);
  CsvArgs args;
  std::string delimiter = "comma";
  reader.read("FILE", args.path);
  reader.read("delimiter", delimiter);
  args.delimiter = delimiter == "tab" ? '\t' : delimiter == "semicolon" ? ';' : ',';
  return args;
}

constexpr std::array kUrlsRows{ArgRow{
    .name = "URL", .type = ArgType::url, .help = "what is fetched", .required = true, .repeatable = true}};
StageArgs bind_urls(const BoundStage& stage) { return UrlsArgs{ArgReader(stage).texts("URL")}; }

constexpr std::array kExpandRows{ArgRow{.name = "PATTERN",
                                        .type = ArgType::url,
                                        .help = "URLs with {a,b}, [1-100], [01-10:2], [a-z]",
                                        .required = true,
                                        .repeatable = true,
                                        .check = check_pattern}};
StageArgs bind_expand(const BoundStage& stage) { return ExpandArgs{ArgReader(stage).texts("PATTERN")}; }

StageArgs bind_fetch_stage(const BoundStage& stage) { return bind_fetch(stage); }

constexpr std::array<std::string_view, 1> kLink{"link"};
const auto& paginate_rows() {
  static const auto rows = join(
      std::array{
          ArgRow{.key = "next",
                 .name = "(JQ)|link",
                 .type = ArgType::jq,
                 .help = "the next page: a URL, or an object that is a record; null, false or nothing ends "
                         "it. link: the Link field's rel=\"next\"",
                 .choices = kLink,
                 .check = check_program},
          ArgRow{.name = "link", .type = ArgType::word, .help = "the same as next=link", .choices = kLink},
          ArgRow{.key = "max",
                 .name = "N",
                 .type = ArgType::count,
                 .help = "pages of one record at most (default 1000)",
                 .least = 1}},
      fetch_arg_rows());
  return rows;
}
StageArgs bind_paginate(const BoundStage& stage) {
  const ArgReader reader(stage);
  PaginateArgs args;
  args.fetch = bind_fetch(stage);
  const auto* next = reader.find("next");
  if (next != nullptr && !next->value.choice) reader.read("next", args.next);
  reader.read("max", args.max);
  return args;
}
std::optional<std::string> verify_paginate(const BoundStage& stage) {
  if ((stage.find("link") != nullptr) != (stage.find("next") != nullptr)) return std::nullopt;
  return "\"paginate\" takes next=(jq) or next=link";
}

constexpr std::array<std::string_view, 3> kScopes{"host", "site", "any"};
const auto& crawl_rows() {
  static const auto rows =
      join(std::array{ArgRow{.key = "next",
                             .name = "{…}",
                             .type = ArgType::block,
                             .help = "what makes of a page the records to fetch next",
                             .required = true,
                             .open_end = true},
                      ArgRow{.key = "depth",
                             .name = "N",
                             .type = ArgType::count,
                             .help = "steps away from the first page (default any)",
                             .most = UINT32_MAX},
                      ArgRow{.key = "scope",
                             .name = "WORD",
                             .type = ArgType::word,
                             .help = "host: the same scheme, host and port; site: that host and those below "
                                     "it; any (default host)",
                             .choices = kScopes},
                      ArgRow{.key = "frontier",
                             .name = "N",
                             .type = ArgType::count,
                             .help = "records that wait in memory; more wait on disk (default 100k)",
                             .least = 1}},
           fetch_arg_rows());
  return rows;
}
StageArgs bind_crawl(const BoundStage& stage) {
  const ArgReader reader(stage);
  CrawlArgs args;
  std::string scope = "host";
  args.fetch = bind_fetch(stage);
  reader.read("next", args.next);
  reader.read("depth", args.depth);
  reader.read("frontier", args.frontier);
  reader.read("scope", scope);
  args.scope = scope == "any"    ? CrawlArgs::Scope::any
               : scope == "site" ? CrawlArgs::Scope::site
                                 : CrawlArgs::Scope::host;
  return args;
}

StageArgs bind_set(const BoundStage& stage) {
  SetArgs args;
  for (const auto& arg : stage.args) {
    if (arg.row == nullptr) args.changes.emplace_back(arg.key, program_or_text(arg));
  }
  return args;
}
std::optional<std::string> verify_set(const BoundStage& stage) {
  if (!std::get<SetArgs>(bind_set(stage)).changes.empty()) return std::nullopt;
  return "\"set\" takes what is to be set, such as meta.x=(.status)";
}

constexpr std::array kExtractRows{
    ArgRow{.key = "css",
           .name = "SELECTOR",
           .type = ArgType::css,
           .help = "elements of HTML or XML",
           .check = check_selector},
    ArgRow{.key = "xpath",
           .name = "XPATH",
           .type = ArgType::xpath,
           .help = "nodes or values of HTML or XML",
           .check = check_xpath},
    ArgRow{.key = "regex",
           .name = "REGEX",
           .type = ArgType::regex,
           .help = "every match's first group, or an object of its named groups",
           .check = check_regex},
    program_row("jq", "every output"),
    ArgRow{.key = "attr",
           .name = "NAME",
           .type = ArgType::text,
           .help = "an attribute, made absolute where it is a URL (default the text)"},
    ArgRow{.key = "html",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "the markup instead of the text (default false)"},
    ArgRow{.key = "as",
           .name = "PLACE",
           .type = ArgType::text,
           .help = "where the array goes (default meta.extract)",
           .check = check_meta_place}};
StageArgs bind_extract(const BoundStage& stage) {
  using Kind = ExtractArgs::Kind;
  const ArgReader reader(stage);
  ExtractArgs args;
  for (const auto& [key, kind] :
       {std::pair{"css", Kind::css}, {"xpath", Kind::xpath}, {"regex", Kind::regex}, {"jq", Kind::jq}}) {
    if (!reader.has(key)) continue;
    args.kind = kind;
    reader.read(key, args.text);
  }
  reader.read("attr", args.attribute);
  reader.read("html", args.html);
  reader.read("as", args.as);
  return args;
}
std::optional<std::string> verify_extract(const BoundStage& stage) {
  int given = 0;
  for (const auto* key : {"css", "xpath", "regex", "jq"}) given += stage.find(key) != nullptr ? 1 : 0;
  if (given == 1) return std::nullopt;
  return "\"extract\" takes one of css= xpath= regex= jq=";
}

constexpr std::array kDedupeRows{program_row("by", "what must differ (default (.url))")};
StageArgs bind_dedupe(const BoundStage& stage) {
  DedupeArgs args;
  ArgReader(stage).read("by", args.by);
  return args;
}

constexpr std::array kLimitRows{
    ArgRow{.name = "N", .type = ArgType::count, .help = "how many", .required = true, .least = 1}};
constexpr std::array kSkipRows{
    ArgRow{.name = "N", .type = ArgType::count, .help = "how many", .required = true}};
template <class Args>
StageArgs bind_number(const BoundStage& stage) {
  Args args;
  ArgReader(stage).read("N", args.n);
  return args;
}

constexpr std::array kSampleRows{
    ArgRow{.name = "PART", .type = ArgType::fraction, .help = "how likely: 0.1 or 10%", .required = true},
    ArgRow{.key = "seed",
           .name = "N",
           .type = ArgType::count,
           .help = "for the same records each time (default another one each time)",
           .least = 1}};
StageArgs bind_sample(const BoundStage& stage) {
  SampleArgs args;
  ArgReader(stage).read("PART", args.fraction);
  ArgReader(stage).read("seed", args.seed);
  return args;
}

constexpr std::array kHashRows{ArgRow{.name = "ALGORITHM",
                                      .type = ArgType::word,
                                      .help = "sha256, sha1, md5 or sha512 (default sha256)",
                                      .choices = kDigests},
                               ArgRow{.key = "as",
                                      .name = "PLACE",
                                      .type = ArgType::text,
                                      .help = "where it goes (default meta.ALGORITHM)",
                                      .check = check_meta_place}};
StageArgs bind_hash(const BoundStage& stage) {
  HashArgs args;
  ArgReader(stage).read("ALGORITHM", args.algorithm);
  ArgReader(stage).read("as", args.as);
  return args;
}

constexpr std::array<std::string_view, 1> kRecords{"records"};
constexpr std::array kExecRows{
    ArgRow{.name = "WORD",
           .type = ArgType::temp,
           .help = "the command, then its arguments, each with fields of the record",
           .required = true,
           .repeatable = true,
           .check = check_text},
    program_row("stdin", "what it reads: each output, a line each (default nothing)"),
    ArgRow{.key = "as",
           .name = "records",
           .type = ArgType::word,
           .help = "each line that it prints is a record (default .meta.exec is what it prints)",
           .choices = kRecords},
    ArgRow{.key = "timeout",
           .name = "T",
           .type = ArgType::duration,
           .help = "a command that takes longer is stopped and fails (default none)",
           .least = 1},
    ArgRow{.key = "n",
           .name = "N",
           .type = ArgType::count,
           .help = "commands at once (default as many as there are processors)",
           .least = 1,
           .most = 65535}};
StageArgs bind_exec(const BoundStage& stage) {
  const ArgReader reader(stage);
  ExecArgs args;
  args.argv = reader.texts("WORD");
  if (reader.has("stdin")) reader.read("stdin", args.input.emplace().text);
  args.as_records = reader.has("as");
  reader.read("timeout", args.timeout);
  reader.read("n", args.n);
  return args;
}

constexpr std::array kBatchRows{ArgRow{.key = "n",
                                       .name = "N",
                                       .type = ArgType::count,
                                       .help = "records in one batch",
                                       .least = 1,
                                       .most = 1'000'000},
                                ArgRow{.key = "within",
                                       .name = "T",
                                       .type = ArgType::duration,
                                       .help = "a batch goes on after T, full or not (default never)",
                                       .least = 1}};
StageArgs bind_batch(const BoundStage& stage) {
  BatchArgs args;
  ArgReader(stage).read("n", args.n);
  ArgReader(stage).read("within", args.within);
  return args;
}
std::optional<std::string> verify_batch(const BoundStage& stage) {
  if (stage.find("n") != nullptr || stage.find("within") != nullptr) return std::nullopt;
  return "\"batch\" takes n=, within= or both";
}

constexpr std::array kRateRows{
    ArgRow{.name = "R", .type = ArgType::rate, .help = "how many: 50/s, 10/min", .required = true},
    program_row("key", "records of each key by themselves (default all together)")};
StageArgs bind_rate(const BoundStage& stage) {
  RateArgs args;
  ArgReader(stage).read("R", args.rate);
  ArgReader(stage).read("key", args.key);
  return args;
}

constexpr std::array kDelayRows{
    ArgRow{.name = "T", .type = ArgType::duration, .help = "how long", .required = true}};
StageArgs bind_delay(const BoundStage& stage) {
  DelayArgs args;
  ArgReader(stage).read("T", args.time);
  return args;
}

constexpr std::array kOrderedRows{
    ArgRow{.key = "window",
           .name = "N",
           .type = ArgType::count,
           .help = "how far the fastest may be ahead of the slowest (default 1000)",
           .least = 1,
           .most = 1'000'000}};
StageArgs bind_ordered(const BoundStage& stage) {
  OrderedArgs args;
  ArgReader(stage).read("window", args.window);
  return args;
}

constexpr std::array kTeeRows{
    ArgRow{.name = "{…}", .type = ArgType::block, .help = "where the copies go", .required = true}};
StageArgs bind_tee(const BoundStage& stage) {
  TeeArgs args;
  ArgReader(stage).read("{…}", args.block);
  return args;
}

constexpr std::array<std::string_view, 4> kHow{"skip", "overwrite", "rename", "fail"};
constexpr std::array kSaveRows{
    ArgRow{.name = "TEMPLATE",
           .type = ArgType::text,
           .help = "the file's name: \"out/{host}/{name}\"",
           .required = true,
           .check = check_name_template},
    ArgRow{.key = "on-exist",
           .name = "HOW",
           .type = ArgType::word,
           .help = "where a file is there: skip, overwrite, rename or fail (default skip)",
           .choices = kHow}};
StageArgs bind_save(const BoundStage& stage) {
  SaveArgs args;
  std::string how = "skip";
  ArgReader(stage).read("TEMPLATE", args.file_template);
  ArgReader(stage).read("on-exist", how);
  args.on_exist = static_cast<OnExist>(std::find(kHow.begin(), kHow.end(), how) - kHow.begin());
  return args;
}

constexpr std::array<std::string_view, 3> kFormats{"json", "csv", "tsv"};
constexpr std::array kWriteRows{
    ArgRow{.name = "FORMAT",
           .type = ArgType::temp,
           .help = "json, csv, tsv, or \"text with {fields}\" (default json)",
           .choices = kFormats,
           .check = check_text},
    ArgRow{.key = "fields",
           .name = "LIST",
           .type = ArgType::list,
           .help = "these fields only, as url,status,meta.k (default a result's own)",
           .check = check_fields},
    ArgRow{.key = "include",
           .name = "LIST",
           .type = ArgType::list,
           .help = "body, headers, json, too (default none)",
           .check = check_include},
    ArgRow{.key = "to",
           .name = "FILE",
           .type = ArgType::path,
           .help = "where to; - is standard output (default -)",
           .repeatable = true}};
StageArgs bind_write(const BoundStage& stage) {
  using Format = WriteArgs::Format;
  const ArgReader reader(stage);
  WriteArgs args;
  if (const auto* format = reader.find("FORMAT")) {
    const auto& text = std::get<std::string>(format->value.value);
    if (!format->value.choice) {
      args.format = Format::text;
      args.text = text;
    } else if (text != "json") {
      args.format = text == "csv" ? Format::csv : Format::tsv;
    }
  }
  reader.read("fields", args.fields);
  reader.read("include", args.include);
  if (reader.has("to")) args.to = reader.texts("to");
  return args;
}

constexpr std::array kCountRows{program_row("by", "a count for each of its outputs (default one for all)"),
                                ArgRow{.key = "to",
                                       .name = "FILE",
                                       .type = ArgType::path,
                                       .help = "where to; - is standard output (default -)"}};
StageArgs bind_count(const BoundStage& stage) {
  CountArgs args;
  ArgReader(stage).read("by", args.by);
  ArgReader(stage).read("to", args.to);
  return args;
}

constexpr auto kSource = StageKind::source;
constexpr auto kStage = StageKind::stage;
constexpr auto kRecord = StageKind::record;
constexpr auto kSink = StageKind::sink;

// In the order of StageArgs.
const std::array kTable{
    StageRow{{.name = "lines",
              .kind = kSource,
              .help = "a record for each line of a file or of standard input: a URL or a JSON object",
              .example = "lines \"urls.txt\" | fetch n=8",
              .args = kFileRow},
             bind_path<LinesArgs>,
             make<Source, Lines, LinesArgs>},
    StageRow{{.name = "urls",
              .kind = kSource,
              .help = "a record for each URL named here",
              .example = "urls http://127.0.0.1:8080/a http://127.0.0.1:8080/b | fetch",
              .args = kUrlsRows},
             bind_urls,
             make<Source, Urls, UrlsArgs>},
    StageRow{{.name = "fetch",
              .kind = kStage,
              .help = "sends each record's request, n at once; records go on as they complete",
              .example = "lines \"urls.txt\" | fetch n=8 retry=1 timeout=5s header=\"X-Id: {id}\" fail=5xx",
              .args = fetch_arg_rows()},
             bind_fetch_stage,
             make<Stage, Fetch, FetchArgs>},
    StageRow{{.name = "save",
              .kind = kRecord,
              .help = "writes the body to a file and passes the record on",
              .example = "lines \"urls.txt\" | fetch | save \"out/{host}/{name}\" on-exist=overwrite",
              .args = kSaveRows},
             bind_save,
             make_save},
    StageRow{{.name = "ordered",
              .kind = kStage,
              .help = "puts records back into the order of the input",
              .example = "lines \"urls.txt\" | fetch | ordered window=100",
              .args = kOrderedRows},
             bind_ordered,
             make_ordered},
    StageRow{{.name = "write",
              .kind = kSink,
              .help = "prints a line for each record",
              .example = "lines \"urls.txt\" | fetch | write csv fields=url,status",
              .args = kWriteRows},
             bind_write,
             make<Sink, Write, WriteArgs>},
    StageRow{{.name = "json",
              .kind = kSource,
              .help = "a record for each JSON value of a file or of standard input: a URL, or an object of a "
                      "record's fields, all others of which go into meta",
              .example = "json \"items.json\" | write json fields=id,meta",
              .args = kFileRow},
             bind_path<JsonArgs>,
             make<Source, JsonSource, JsonArgs>},
    StageRow{{.name = "csv",
              .kind = kSource,
              .help = "a record for each row of a table whose first row names the columns: url, method, …, "
                      "all others go into meta",
              .example = "csv \"items.csv\" | write json fields=url,meta",
              .args = kCsvRows},
             bind_csv,
             make<Source, CsvSource, CsvArgs>},
    StageRow{{.name = "expand",
              .kind = kSource,
              .help = "a record for each URL that curl's patterns stand for",
              .example = "expand http://127.0.0.1:8080/ok/[1-3] | fetch",
              .args = kExpandRows},
             bind_expand,
             make<Source, Expand, ExpandArgs>},
    StageRow{{.name = "where",
              .kind = kRecord,
              .help = "passes on the records that the program is true for",
              .example = "lines \"urls.txt\" | fetch | where (.status == 200)",
              .args = kProgramRow},
             bind_program<WhereArgs>,
             make_alone<RecordOp, Where, WhereArgs>},
    StageRow{{.name = "each",
              .kind = kStage,
              .help = "makes a record of each output: of text its URL, of an object its fields",
              .example = "lines \"urls.txt\" | fetch | each ({url, from: .id})",
              .args = kProgramRow},
             bind_program<EachArgs>,
             make<Stage, Each, EachArgs>},
    StageRow{{.name = "set",
              .kind = kRecord,
              .help = "gives a record's places new values: url method body headers header.NAME mirrors "
                      "output sha256 meta meta.NAME",
              .example = "lines \"urls.txt\" | set meta.host=\"x\" header.X-Line=(.line) | fetch",
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
              .args = kExtractRows,
              .verify = verify_extract},
             bind_extract,
             make_alone<RecordOp, Extract, ExtractArgs>},
    StageRow{{.name = "dedupe",
              .kind = kRecord,
              .help = "passes the first record of each key on",
              .example = "lines \"urls.txt\" | dedupe by=(.url)",
              .args = kDedupeRows},
             bind_dedupe,
             make_alone<RecordOp, Dedupe, DedupeArgs>},
    StageRow{{.name = "limit",
              .kind = kRecord,
              .help = "passes the first N records on, then ends what comes before",
              .example = "lines \"urls.txt\" | limit 2",
              .args = kLimitRows},
             bind_number<LimitArgs>,
             make_alone<RecordOp, Limit, LimitArgs>},
    StageRow{{.name = "skip",
              .kind = kRecord,
              .help = "drops the first N records",
              .example = "lines \"urls.txt\" | skip 1",
              .args = kSkipRows},
             bind_number<SkipArgs>,
             make_alone<RecordOp, Skip, SkipArgs>},
    StageRow{{.name = "sample",
              .kind = kRecord,
              .help = "passes each record on with a probability",
              .example = "lines \"urls.txt\" | sample 50% seed=1",
              .args = kSampleRows},
             bind_sample,
             make_alone<RecordOp, Sample, SampleArgs>},
    StageRow{{.name = "hash",
              .kind = kRecord,
              .help = "puts a digest of the body into meta",
              .example = "lines \"urls.txt\" | fetch | hash sha256 as=meta.sum",
              .args = kHashRows},
             bind_hash,
             make<RecordStage, Hash, HashArgs>},
    StageRow{{.name = "exec",
              .kind = kStage,
              .help = "runs a command for each record, without a shell; what it prints is .meta.exec",
              .example = "lines \"urls.txt\" | fetch | exec wc -c stdin=(.body) timeout=10s",
              .args = kExecRows},
             bind_exec,
             make<Stage, Exec, ExecArgs>},
    StageRow{{.name = "batch",
              .kind = kStage,
              .help = "makes one record of several: .meta.batch is the array of them",
              .example = "lines \"urls.txt\" | batch n=2 within=1s",
              .args = kBatchRows,
              .verify = verify_batch},
             bind_batch,
             make<Stage, Batch, BatchArgs>},
    StageRow{{.name = "rate",
              .kind = kStage,
              .help = "passes records on at a pace",
              .example = "lines \"urls.txt\" | rate 100/s key=(.url)",
              .args = kRateRows},
             bind_rate,
             make<Stage, Pace, RateArgs>},
    StageRow{{.name = "delay",
              .kind = kStage,
              .help = "passes each record on some time after it came",
              .example = "lines \"urls.txt\" | delay 10ms",
              .args = kDelayRows},
             bind_delay,
             make<Stage, Delay, DelayArgs>},
    StageRow{{.name = "tee",
              .kind = kStage,
              .help = "sends a copy of each record through a block, too",
              .example = "lines \"urls.txt\" | fetch | tee { where (.status >= 400) | write json "
                         "to=\"bad.jsonl\" } | write csv fields=url,status",
              .args = kTeeRows},
             bind_tee,
             make_tee},
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
         .args = crawl_rows()},
        bind_crawl,
        make<Stage, Crawl, CrawlArgs>},
    StageRow{{.name = "count",
              .kind = kSink,
              .help = "prints how many records there were, at the end",
              .example = "lines \"urls.txt\" | fetch | count by=(.status)",
              .args = kCountRows},
             bind_count,
             make<Sink, Count, CountArgs>},
    StageRow{{.name = "null",
              .kind = kSink,
              .help = "takes records and prints nothing",
              .example = "lines \"urls.txt\" | fetch | null"},
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
