#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/http/client.hpp"
#include "pipelines/record/checksum.hpp"

namespace leat::pipelines {

class ChecksumFile;
struct Plan;
using PlanPtr = std::shared_ptr<const Plan>;

/// lines: a record for each line of a file, or of standard input ("-").
struct LinesArgs {
  std::string path = "-";
};

/// urls: a record for each URL that is named in the plan itself.
struct UrlsArgs {
  std::vector<std::string> urls;
};

/// Ranges of HTTP statuses.
struct StatusSet {
  std::vector<std::pair<int, int>> ranges;  // both ends in it
  [[nodiscard]] bool contains(int status) const noexcept {
    return std::any_of(ranges.begin(), ranges.end(), [status](const auto& range) {
      return range.first <= status && status <= range.second;
    });
  }
  /// 400 and above: what `get` takes for a failure.
  static StatusSet errors() { return {{{400, 999}}}; }
};

/// A jq program as it is written.
struct ProgramText {
  std::string text;
};

/// Text with fields of the record as it is written.
struct TemplateText {
  std::string text;
};

/// set: gives places of the record new values.
struct SetArgs {
  std::vector<std::pair<std::string, std::variant<ProgramText, TemplateText>>> changes;
};

/// fetch: sends each record's request, `n` at once; results go on in completion order.
struct FetchArgs {
  std::size_t n = 32;
  std::size_t per_host = 0;     // transfers at once to one origin; 0: as many as n
  double rate = 0;              // starts a second, all together; 0: no limit
  double per_host_rate = 0;     // and to one origin
  std::size_t window = 10'000;  // records read ahead of those whose origin must wait
  int retry = 3;
  async::Duration retry_max_time{std::chrono::minutes(10)};
  std::string retry_on;  // what is tried again besides: see http::parse_retry_on
  async::Duration host_down{
      std::chrono::minutes(1)};  // without an answer, which give an origin up; 0: none do
  StatusSet fail;                // these are failed/http_status
  std::uint64_t body_limit = 16u << 20;
  std::string method;                    // -X, where a record names none
  std::optional<std::string> body;       // -d, where a record brings none
  std::optional<std::string> upload;     // -T: the name of a file that is sent as the body, a template
  std::size_t host_errors = 0;           // failures in a row that give an origin up; 0: none do
  std::size_t race = 1;                  // of a record's URL and its mirrors, asked at once
  std::size_t segments = 1;              // connections for one large body
  std::uint64_t min_segment = 1u << 20;  // none of them for less
  std::size_t threads = 1;               // that transfers run on
  std::vector<DigestKind> hash;          // digests to work out, besides those that are expected
  std::shared_ptr<const ChecksumFile> checksums;  // that bodies must have; null: none
  SetArgs shape;                                  // of each request, from the record's fields; done first
  http::ClientOptions client;
};

/// What becomes of a file that is there; `resume` also continues what is unfinished.
enum class OnExist : std::uint8_t { resume, skip, overwrite, rename, fail };

/// save: the body becomes a file, named by the template or by the line's own `output`; by that alone where
/// the template is empty.
struct SaveArgs {
  std::string file_template;
  OnExist on_exist = OnExist::resume;
  bool remote_name = false;  // {name} is what Content-Disposition says, where it says something
  bool remote_time = true;   // the file is as old as Last-Modified says
  bool durable = false;      // synced to the disk before the record is done
  bool if_changed = false;   // a file that is there is fetched again only if it has changed
  bool operator==(const SaveArgs&) const = default;
};

/// ordered: puts records back into the order of input, at most `window` ahead.
struct OrderedArgs {
  std::size_t window = 1000;
};

/// write: a line for each record, to files and to standard output ("-").
struct WriteArgs {
  enum class Format : std::uint8_t { json, csv, tsv, text };
  Format format = Format::json;
  std::string text;                  // of Format::text: a template
  std::vector<std::string> fields;   // paths; empty: those of a result
  std::vector<std::string> include;  // body, headers, json
  std::vector<std::string> to = {"-"};
};

/// json: a record for each value of a file of JSON texts, one after the other or the items of one array.
struct JsonArgs {
  std::string path = "-";
};

/// csv: a record for each row; the first row has the columns' names.
struct CsvArgs {
  std::string path = "-";
  char delimiter = ',';
  std::string columns;  // "url=link,output=name": see parse_columns; these must be there
};

/// aria2: a record for each download of one of aria2's input files.
struct Aria2Args {
  std::string path = "-";
};

/// expand: a record for each URL that the patterns stand for: {a,b}, [1-100], [a-z:2].
struct ExpandArgs {
  std::vector<std::string> patterns;
};

/// where: passes on what the program is true for.
struct WhereArgs {
  std::string program;
};

/// each: every output of the program becomes a record.
struct EachArgs {
  std::string program;
};

/// extract: what a selector finds in the body becomes an array.
struct ExtractArgs {
  enum class Kind : std::uint8_t { css, xpath, regex, jq };
  Kind kind = Kind::css;
  std::string text;
  std::string attribute;
  std::string as = "meta.extract";
  bool html = false;
};

/// dedupe: passes the first record of each key on.
struct DedupeArgs {
  std::string by = ".url";
  std::uint64_t memory = 1'000'000;  // keys in memory; the rest is on disk
  bool show = false;                 // the others go on to the end as skipped, with the reason
};

/// hash: a digest of the body.
struct HashArgs {
  std::string algorithm = "sha256";
  std::string as;  // empty: meta.ALGORITHM
};

/// exec: runs a command for each record.
struct ExecArgs {
  std::vector<std::string> argv;  // templates
  std::optional<ProgramText> input;
  bool as_records = false;
  std::size_t n = 0;  // at once; 0: as many as there are processors
  async::Duration timeout{0};
};

/// batch: one record for every `n`, or for what came within a time.
struct BatchArgs {
  std::size_t n = 0;
  async::Duration within{0};  // 0: however long it takes
};

/// rate: passes records on at that pace, together or for each key.
struct RateArgs {
  double rate = 0;  // a second
  std::string key;  // a program; empty: together
};

/// paginate: a fetch that goes on to the next page for as long as there is one.
struct PaginateArgs {
  FetchArgs fetch;
  std::string next;  // a program; empty: the Link field's rel="next"
  std::uint64_t max = 1000;
};

/// crawl: a fetch whose block finds what to fetch next.
struct CrawlArgs {
  enum class Scope : std::uint8_t { any, host, site };
  FetchArgs fetch;
  PlanPtr next;
  std::uint64_t depth = UINT32_MAX;
  Scope scope = Scope::host;
  std::uint64_t frontier = 100'000;  // records in memory; the rest waits on disk
};

/// count: how many records there were, together or for each key.
struct CountArgs {
  std::string by;  // a program; empty: together
  std::string to = "-";
};

/// tee: a copy of each record goes through the block as well.
struct TeeArgs {
  PlanPtr block;
};

/// limit: passes the first `n` records on, then ends what comes before.
struct LimitArgs {
  std::uint64_t n = 0;
};

/// skip: drops the first `n` records.
struct SkipArgs {
  std::uint64_t n = 0;
};

/// sample: passes each record on with that probability.
struct SampleArgs {
  double fraction = 1;
  std::uint64_t seed = 0;  // 0: another one each run
};

/// delay: passes each record on that long after it came.
struct DelayArgs {
  async::Duration time{0};
};

/// null: takes records and prints nothing.
struct NullArgs {};

using StageArgs = std::variant<LinesArgs, UrlsArgs, FetchArgs, SaveArgs, OrderedArgs, WriteArgs, JsonArgs,
                               CsvArgs, Aria2Args, ExpandArgs, WhereArgs, EachArgs, SetArgs, ExtractArgs,
                               DedupeArgs, LimitArgs, SkipArgs, SampleArgs, HashArgs, ExecArgs, BatchArgs,
                               RateArgs, DelayArgs, TeeArgs, PaginateArgs, CrawlArgs, CountArgs, NullArgs>;

/// A stage of a plan: its own arguments, and those that every stage takes.
struct PlannedStage {
  template <class Args>
  requires std::is_constructible_v<StageArgs, Args> PlannedStage(Args own) : args(std::move(own)) {}

  StageArgs args;
  PlanPtr on_error;                   // where records go that fail here; null: on to the end
  std::optional<std::size_t> n = {};  // records in work at once, where the stage has no `n` of its own
  async::Duration timeout{0};         // for one record, where the stage has none of its own; 0: none
};

/// The journal of a run that goes on where it was killed: see Journal.
struct StateArgs {
  std::string path;
  std::vector<std::pair<std::string, std::string>> config;  // what makes it the same run; no secrets
  std::string leat_version;
  bool retry_failed = false;  // what failed in the runs before is done again
};

/// A whole pipeline, a source first, an end last; or a block, which begins with another stage. `get` builds
/// one from its options, the spec language's binder builds the same.
struct Plan {
  std::vector<PlannedStage> stages;
  async::Duration expr_timeout{std::chrono::seconds(1)};  // of one evaluation of a program
  std::vector<std::string> secrets;                       // values that no output may show
  std::string record_dir;                                 // where each exchange is kept; empty: nowhere
  std::string replay_dir;          // where answers come from in place of a network; not both
  std::string failed_path;         // where records of the source that failed go as they came; empty: nowhere
  std::uint64_t max_errors = 0;    // so many failed records end the run; 0: none do
  std::optional<StateArgs> state;  // none: the run starts from the beginning
  std::string executable;          // leat, where it isn't this process: what evaluates programs
};

/// Everything that can be wrong with a plan before any I/O: bad_input.
[[nodiscard]] Status check_plan(const Plan& plan);

}  // namespace leat::pipelines
