#include "cli/help/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cli/help/plan_text.hpp"
#include "cli/options/table/option_table.hpp"
#include "pipelines/spec/arg_type.hpp"

namespace leat::cli {

namespace {

using pipelines::Option;

std::string names_and_value(const Option& option) {
  std::string text = option.letter.empty() ? "    " : fmt::format("-{}, ", option.letter);
  text += fmt::format("--{}", option.name);
  if (!option.value.empty()) text += fmt::format(" {}", option.value);
  return text;
}

constexpr std::string_view kUsageOfWork =
    "Usage: leat work [OPTION]... URL\n"
    "       leat work --status [--json] URL\n"
    "       leat work --drop URL\n"
    "\n"
    "Works on a job that \"leat run --state URL SPEC\" has begun, here or on another machine, until it is\n"
    "done: the spec and its --set come from the job. URL is redis://[USER:PASS@]HOST[:PORT]/DB/JOB,\n"
    "rediss://… (TLS) or unix:SOCKET?job=JOB.\n";

// The options that most people need, in the order in which they are looked for.
constexpr std::array<std::string_view, 27> kOftenOfGet{
    "input",   "header",  "request",  "data",       "json",     "user",          "oauth2-bearer",
    "cookie",  "proxy",   "insecure", "compressed", "jobs",     "per-host-rate", "limit-rate",
    "timeout", "retry",   "output",   "output-dir", "on-exist", "if-changed",    "checksums",
    "format",  "include", "state",    "failed",     "plan",     "quiet"};
constexpr std::array<std::string_view, 13> kOftenOfRun{
    "file",   "set",    "state",    "retry-failed", "failed", "max-errors", "max-time",
    "record", "replay", "progress", "summary",      "quiet",  "verbose"};
constexpr std::array<std::string_view, 26> kOftenOfBench{
    "concurrency", "requests", "duration", "rate",    "arrival", "stages", "warmup",    "threads", "input",
    "data-csv",    "header",   "request",  "data",    "json",    "user",   "insecure",  "timeout", "http2",
    "streams",     "check",    "vs",       "compare", "save",    "html",   "find-rate", "format"};
constexpr std::array<std::string_view, 12> kOftenOfWork{"set",      "status",        "json",  "drop",
                                                        "jobs",     "state-timeout", "grace", "max-time",
                                                        "progress", "summary",       "quiet", "verbose"};

std::string often_used(unsigned place, std::span<const std::string_view> names) {
  std::size_t width = 0;
  for (const auto name : names) width = std::max(width, names_and_value(*find_option(place, name)).size());
  std::string text;
  for (const auto name : names) {
    const auto& option = *find_option(place, name);
    text += fmt::format("  {:<{}}  {}{}\n", names_and_value(option), width, option.help, remarks(option));
  }
  return text;
}

std::string short_help(unsigned place) {
  if (place == pipelines::kGet) {
    return "Usage: leat get [OPTION]... URL... | -i FILE; a list may also come on standard input\n"
           "Fetches URLs concurrently; prints a line for each as it completes.\n\n" +
           often_used(place, kOftenOfGet) +
           "\n\"leat get --help\" lists all options; leat-get(1) begins with eight tasks.\n";
  }
  if (place == pipelines::kRun) {
    return "Usage: leat run [OPTION]... SPEC | -f FILE\n"
           "Runs a pipeline. SPEC is one argument: stages joined by |, as in\n"
           "  leat run 'lines \"urls.txt\" | fetch n=8 | where (.status == 200) | write csv "
           "fields=url,status'\n\n" +
           often_used(place, kOftenOfRun) +
           "\n\"leat help\" lists the stages, and \"leat help STAGE\" explains one. \"leat run --help\" "
           "lists all\n"
           "options; leat-spec(5) begins with five recipes.\n";
  }
  if (place == pipelines::kBench) {
    return "Usage: leat bench [OPTION]... URL... | -i FILE\n"
           "Sends requests and measures how they are answered: -c at once, or with -R at a fixed rate.\n\n" +
           often_used(place, kOftenOfBench) +
           "\n\"leat bench --help\" lists all options; leat-bench(1) explains them.\n";
  }
  if (place == pipelines::kWork) {
    return std::string(kUsageOfWork) + "\n" + often_used(place, kOftenOfWork) +
           "\n\"leat work --help\" lists all options; leat-work(1) explains them.\n";
  }
  return check_help();  // which is short
}

std::string long_help(unsigned place) {
  if (place == pipelines::kGet) return get_help();
  if (place == pipelines::kRun) return run_help();
  if (place == pipelines::kWork) return work_help();
  return place == pipelines::kBench ? bench_help() : check_help();
}

}  // namespace

std::string help_asked(unsigned place, std::span<const std::string_view> words) {
  const bool all = std::find(words.begin(), words.end(), "--help") != words.end();
  return all ? long_help(place) : short_help(place);
}

std::string remarks(const Option& option) {
  std::vector<std::string> all;
  if (option.repeatable) all.emplace_back("repeatable");
  if (auto limits = pipelines::count_limits(arg_row(option)); !limits.empty())
    all.push_back(std::move(limits));
  if (option.standard == "0") {
    all.emplace_back("default 0: none");
  } else if (!option.standard.empty()) {
    all.push_back(fmt::format("default {}", option.standard));
  }
  return all.empty() ? "" : fmt::format(" ({})", fmt::join(all, ", "));
}

std::string list_options(unsigned place) {
  std::size_t width = 0;
  for (const auto* option : options_at(place)) width = std::max(width, names_and_value(*option).size());
  std::string text;
  for (const auto& topic : all_options()) {
    std::string lines;
    for (const auto& option : topic.rows) {
      if ((option.at & place) == 0 || option.name.empty()) continue;
      lines += fmt::format("  {:<{}}  {}{}\n", names_and_value(option), width, option.help, remarks(option));
    }
    if (!lines.empty()) text += fmt::format("\n{}:\n{}", topic.heading, lines);
  }
  return text;
}

std::string general_summary() {
  return "leat fetches URLs concurrently and streams the results.\n"
         "\n"
         "Usage: leat COMMAND [ARGUMENT]...\n"
         "\n"
         "Commands:\n"
         "  get       fetch a list of URLs, and print a line for each\n"
         "  run       run a pipeline: fetch, extract, fetch again, save\n"
         "  check     say what is wrong with a pipeline's spec, or print its plan\n"
         "  bench     measure an endpoint under a concurrency cap or a fixed rate\n"
         "  help      print this help, or that of a command or a stage\n"
         "  work      work on a job of several machines, show it, or remove it\n"
         "  generate  print completions for bash, zsh or fish, or a manual page's list of options\n"
         "\n"
         "Options:\n"
         "  -h, --help     print this help; --help lists the stages, too\n"
         "  -V, --version  print the versions of leat and its libraries\n"
         "\n"
         "See \"leat get -h\", leat(1), leat-get(1), leat-run(1), leat-bench(1), leat-work(1), "
         "leat-spec(5).\n";
}

std::string general_help() {
  return general_summary() + "\nStages of a pipeline (\"leat help STAGE\" says more):\n" + stage_list();
}

std::string get_help() {
  return "Usage: leat get [OPTION]... [URL]...\n"
         "       leat get [OPTION]... -i FILE\n"
         "       ... | leat get [OPTION]...\n"
         "\n"
         "Fetches URLs concurrently; prints a line for each as it completes.\n" +
         list_options(pipelines::kGet) +
         "\n"
         "T is 30s, 250ms, 2m, 1h or a number of seconds; SIZE is 10MB, 16MiB or 4k. A limit of 0 is none.\n"
         "TEMPLATE fields: {host} {path} {name} {ext} {stem} {query} {line} {id}; {{ is a brace.\n"
         "Exit status: 0 all ok, 1 some failed, 2 usage, 3 the run could not go on, 130/143 signal.\n"
         "\n"
         "Examples:\n"
         "  leat get https://example.org/ https://example.net/\n"
         "  leat get -j 64 --retry 5 -o 'out/{host}/{name}' -i urls.txt > results.jsonl\n"
         "  sort -u urls.txt | leat get --include body | jq -r .body\n"
         "  leat get --format csv --fields url,status,time_total -i urls.txt\n";
}

std::string bench_help() {
  return "Usage: leat bench [OPTION]... URL...\n"
         "       leat bench [OPTION]... -i FILE\n"
         "       leat bench --compare OLD NEW\n"
         "\n"
         "Sends requests and measures how they are answered: -c at once, or with -R at a fixed rate.\n" +
         list_options(pipelines::kBench) +
         "\n"
         "T is 30s, 250ms, 2m, 1h or a number of seconds. {seq}, {random} and, with --data-csv, {COLUMN} in\n"
         "URLs, headers and bodies are different in each request.\n"
         "EXPR is pN, mean, min, max, rate or error_rate, then <, <=, > or >=, and a bound with its unit.\n"
         "Exit status: 0 all answered, 1 some failed, 2 usage, 3 the run could not go on, 4 a check failed,\n"
         "5 the client was the limit, 130/143 signal.\n"
         "\n"
         "Examples:\n"
         "  leat bench -c 64 -z 10s http://127.0.0.1:8080/\n"
         "  leat bench -R 500/s --arrival poisson -z 1m --warmup 5s https://example.org/\n"
         "  leat bench -n 10000 -i targets.jsonl --data-csv users.csv\n";
}

std::string run_help() {
  return "Usage: leat run [OPTION]... SPEC\n"
         "       leat run [OPTION]... -f FILE\n"
         "\n"
         "Runs a pipeline. SPEC is one argument: stages joined by |, as in\n"
         "  leat run 'lines \"urls.txt\" | fetch n=8 | where (.status == 200) | write csv "
         "fields=url,status'\n" +
         list_options(pipelines::kRun) +
         "\n"
         "Stages (\"leat help STAGE\" says more):\n" +
         stage_list() +
         "\n"
         "Exit status: 0 all ok, 1 some failed, 2 usage or spec error, 3 the run could not go on,\n"
         "130/143 signal.\n";
}

std::string generate_help() {
  return "Usage: leat generate bash|zsh|fish\n"
         "       leat generate man get|run|check|bench|work\n"
         "\n"
         "Prints completions for a shell, or the list of a command's options as its manual page has it.\n"
         "\n"
         "Examples:\n"
         "  source <(leat generate bash)\n"
         "  leat generate fish > ~/.config/fish/completions/leat.fish\n";
}

std::string work_help() {
  return std::string(kUsageOfWork) + list_options(pipelines::kWork) +
         "\n"
         "Exit status: 0 all ok, 1 some failed, 2 usage, 3 it could not go on, 130/143 signal.\n"
         "\n"
         "Examples:\n"
         "  leat run --state redis://redis.lan/0/shop 'lines \"urls.txt\" | fetch | write json' > 1.jsonl\n"
         "  leat work redis://redis.lan/0/shop > 2.jsonl\n"
         "  leat work --status redis://redis.lan/0/shop\n";
}

std::string check_help() {
  return "Usage: leat check [OPTION]... SPEC\n"
         "       leat check [OPTION]... -f FILE\n"
         "\n"
         "Says what is wrong with a spec, and where; else prints its plan. Nothing is fetched.\n" +
         list_options(pipelines::kCheck) +
         "\n"
         "Exit status: 0 it is right, 2 it is not.\n";
}

}  // namespace leat::cli
