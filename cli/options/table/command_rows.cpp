#include <array>

#include "cli/options/table/option_table.hpp"
#include "pipelines/options/csv_columns.hpp"

namespace leat::cli {

namespace {

using pipelines::ArgType;
using pipelines::kBench;
using pipelines::kCheck;
using pipelines::kGet;
using pipelines::kRun;
using pipelines::kWork;
using pipelines::Option;

constexpr unsigned kAll = kGet | kRun | kCheck | kBench | kWork;

constexpr std::array<std::string_view, 6> kLists{"auto", "lines", "json", "csv", "tsv", "aria2"};
constexpr std::array kInput{
    Option{.name = "input",
           .letter = "i",
           .value = "FILE",
           .at = kGet,
           .same_run = true,
           .help = "read a list from FILE, compressed or not; - is standard input"},
    Option{.name = "input-format",
           .value = "FORMAT",
           .type = ArgType::word,
           .choices = kLists,
           .standard = "auto",
           .at = kGet,
           .same_run = true,
           .help = "the list is auto, lines, json, csv, tsv or aria2"},
    Option{.name = "columns",
           .value = "LIST",
           .check = pipelines::check_columns,
           .at = kGet,
           .same_run = true,
           .help = "take url=link,output=name from these columns of a csv or tsv list"},
    Option{.name = "dedupe",
           .type = ArgType::flag,
           .at = kGet,
           .same_run = true,
           .help = "fetch each URL once; the others are skipped"},
};

// They are no arguments of fetch, some of which have such names.
constexpr std::string_view kNoArgument = "-";

// What curl has and leat does anyway, so that a command can be pasted as it is.
constexpr Option done_anyway(std::string_view name, std::string_view letter, std::string_view why) {
  return Option{.name = name,
                .letter = letter,
                .type = ArgType::flag,
                .at = kGet,
                .argument = kNoArgument,
                .help = why};
}
constexpr std::array kSpec{
    Option{.name = "file",
           .letter = "f",
           .value = "FILE",
           .at = kRun | kCheck,
           .help = "take the spec from FILE; - is standard input"},
    Option{.name = "set",
           .value = "NAME=VALUE",
           .repeatable = true,
           .at = kRun | kCheck | kWork,
           .help = "give a variable of the spec a value"},
    Option{.name = "format",
           .type = ArgType::flag,
           .at = kCheck,
           .help = "print the spec in its canonical form instead of the plan"},
    Option{.name = "expr-timeout",
           .value = "T",
           .type = ArgType::duration,
           .standard = "1s",
           .at = kRun | kWork,
           .help = "fail a record whose jq program or XPath runs longer than T"},
};

constexpr std::array kJob{
    Option{.name = "status",
           .type = ArgType::flag,
           .at = kWork,
           .typed_only = true,
           .help = "print what is known of the job, and do nothing"},
    Option{.name = "json",
           .type = ArgType::flag,
           .at = kWork,
           .typed_only = true,
           .help = "with --status: print it as JSON"},
    Option{.name = "drop",
           .type = ArgType::flag,
           .at = kWork,
           .typed_only = true,
           .help = "remove the job from Redis; on a terminal it is asked first"},
    Option{.name = "jobs",
           .letter = "j",
           .value = "N",
           .type = ArgType::count,
           .least = 1,
           .most = 65535,
           .at = kWork,
           .help = "fetch N at once in this process; without it, n= of the spec"},
};

constexpr std::array<std::string_view, 5> kProgress{"auto", "bar", "plain", "json", "off"};
constexpr std::array<std::string_view, 3> kSummaries{"auto", "failures", "none"};
constexpr std::array kSession{
    Option{.name = "state",
           .value = "FILE",
           .type = ArgType::path,
           .secret = pipelines::Secret::url,
           .at = kGet | kRun,
           .help = "keep a journal in FILE: the same command continues where it ended"},
    Option{.name = "state-timeout",
           .value = "T",
           .type = ArgType::duration,
           .standard = "10min",
           .at = kRun | kWork,
           .help = "of a job: end when its Redis has been away for T"},
    Option{.name = "retry-failed",
           .type = ArgType::flag,
           .at = kGet | kRun,
           .help = "with --state: do again what failed before"},
    Option{.name = "status",
           .type = ArgType::flag,
           .at = kGet | kRun,
           .typed_only = true,
           .help = "with --state: print what the journal says, and run nothing"},
    Option{.name = "failed",
           .value = "FILE",
           .at = kGet | kRun,
           .help = "write failed records to FILE as they stand in the input"},
    Option{.name = "max-errors",
           .value = "N",
           .type = ArgType::count,
           .most = 1'000'000'000,
           .standard = "0",
           .at = kGet | kRun,
           .help = "end the run when N records have failed"},
    Option{.name = "fail-fast",
           .type = ArgType::flag,
           .at = kGet | kRun,
           .help = "end the run at the first failure: --max-errors 1"},
    Option{.name = "grace",
           .value = "T",
           .type = ArgType::duration,
           .standard = "10s",
           .at = kGet | kRun | kWork,
           .help = "let transfers finish for T after the first signal"},
    Option{.name = "max-time",
           .value = "T",
           .type = ArgType::duration,
           .standard = "0",
           .at = kRun | kWork,
           .help = "end the run after T, as the first SIGINT does"},
    Option{.name = "record",
           .value = "DIR",
           .at = kGet | kRun,
           .help = "keep each HTTP exchange in DIR, without secrets"},
    Option{.name = "replay",
           .value = "DIR",
           .at = kGet | kRun,
           .help = "take answers from what --record kept in DIR, without a network"},
    Option{.name = "progress",
           .value = "KIND",
           .type = ArgType::word,
           .choices = kProgress,
           .standard = "auto",
           .at = kGet | kRun | kWork,
           .help = "show progress: auto, bar, plain, json or off"},
    Option{.name = "summary",
           .value = "KIND",
           .type = ArgType::word,
           .choices = kSummaries,
           .standard = "auto",
           .at = kGet | kRun | kWork,
           .help = "print a summary: auto, failures (if any) or none"},
    Option{.name = "quiet",
           .letter = "q",
           .type = ArgType::flag,
           .at = kGet | kRun | kWork,
           .help = "print no progress and no summary"},
    Option{.name = "silent", .letter = "s", .type = ArgType::flag, .at = kGet, .help = "the same as -q"},
    Option{.name = "verbose",
           .letter = "v",
           .type = ArgType::flag,
           .at = kGet | kRun | kWork,
           .help = "print the versions and the plan first"},
    Option{.name = "debug",
           .type = ArgType::flag,
           .at = kGet | kRun | kWork,
           .help = "report slow callbacks, dropped tasks and errors that nobody looked at"},
    Option{.name = "slow-callback",
           .value = "T",
           .type = ArgType::duration,
           .standard = "100ms",
           .at = kGet | kRun | kWork,
           .help = "with --debug: report callbacks that take T or longer"},
    Option{.name = "config",
           .value = "FILE",
           .at = kAll,
           .typed_only = true,
           .help = "read options from FILE (default ~/.config/leat/config, if there)"},
    Option{.name = "print-config",
           .type = ArgType::flag,
           .at = kAll,
           .typed_only = true,
           .help = "print the options in force and where each comes from, and do nothing"},
    Option{.name = "help",
           .letter = "h",
           .type = ArgType::flag,
           .at = kAll,
           .typed_only = true,
           .help = "print the options that most people need; --help prints all of them"},
    // As in curl.
    Option{.name = "url",
           .value = "URL",
           .repeatable = true,
           .secret = pipelines::Secret::url,
           .at = kGet,
           .argument = kNoArgument,
           .same_run = true,
           .help = "fetch this URL, as one that stands by itself"},
    Option{.name = "globoff",
           .letter = "g",
           .type = ArgType::flag,
           .at = kGet,
           .help = "take { } and [ ] in URLs as they are, not as patterns"},
    done_anyway("location", "L", "follow redirects, as is done anyway"),
    done_anyway("fail", "f", "take a status of 400 or more for a failure, as is done anyway"),
    done_anyway("show-error", "S", "print failures, as is done anyway; -s -S is --summary failures"),
    done_anyway("parallel", "Z", "run transfers at once, as is done anyway"),
    done_anyway("remote-time", "R", "give files the time of Last-Modified, as is done anyway"),
    done_anyway("create-dirs", "", "make directories that are missing, as is done anyway"),
    Option{.name = "fail-early",
           .type = ArgType::flag,
           .at = kGet,
           .help = "end the run at the first failure: --fail-fast"},
};

}  // namespace

std::span<const Option> input_options() noexcept { return kInput; }
std::span<const Option> spec_options() noexcept { return kSpec; }
std::span<const Option> job_options() noexcept { return kJob; }
std::span<const Option> session_options() noexcept { return kSession; }

}  // namespace leat::cli
