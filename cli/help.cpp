#include "cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/bench/bench_options.hpp"
#include "cli/options/options.hpp"
#include "cli/run/plan_text.hpp"
#include "cli/run/run_options.hpp"

namespace leat::cli {

namespace {

std::string names_and_value(const Flag& flag) {
  std::string text = flag.short_name.empty() ? "    " : fmt::format("-{}, ", flag.short_name);
  text += fmt::format("--{}", flag.long_name);
  if (!flag.value.empty()) text += fmt::format(" {}", flag.value);
  return text;
}

}  // namespace

std::string list_flags(std::span<const Flag> flags) {
  std::size_t width = 0;
  for (const auto& flag : flags) width = std::max(width, names_and_value(flag).size());
  std::string text;
  std::string_view group;
  for (const auto& flag : flags) {
    if (flag.group != group) text += fmt::format("\n{}:\n", flag.group);
    group = flag.group;
    text += fmt::format("  {:<{}}  {}\n", names_and_value(flag), width, flag.help);
  }
  return text;
}

std::string general_help() {
  return "leat fetches URLs concurrently and streams the results.\n"
         "\n"
         "Usage: leat COMMAND [ARGUMENT]...\n"
         "\n"
         "Commands:\n"
         "  get    fetch a list of URLs, a line of JSON for each\n"
         "  run    run a pipeline: fetch, extract, fetch again, save\n"
         "  check  say what is wrong with a pipeline's spec, or print its plan\n"
         "  bench  measure an endpoint under a concurrency cap or a fixed rate\n"
         "  help   print this help, or that of a command or a stage\n"
         "\n"
         "Options:\n"
         "  -h, --help     print this help\n"
         "  -V, --version  print the versions of leat and its libraries\n"
         "\n"
         "See \"leat get --help\", leat(1), leat-get(1), leat-run(1), leat-bench(1), leat-spec(5).\n";
}

std::string get_help() {
  return "Usage: leat get [OPTION]... [URL]...\n"
         "       leat get [OPTION]... -i FILE\n"
         "       ... | leat get [OPTION]...\n"
         "\n"
         "Fetches URLs concurrently; prints a line of JSON for each as it completes.\n" +
         list_flags(get_flags()) +
         "\n"
         "T is 30s, 250ms, 2m, 1h or a number of seconds; SIZE is 10MB, 16MiB or 4k. A limit of 0 is none.\n"
         "TEMPLATE fields: {host} {path} {name} {ext} {stem} {line} {id}; {{ and }} are braces.\n"
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
         list_flags(bench_flags()) +
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
         list_flags(run_flags()) +
         "\n"
         "Stages (\"leat help STAGE\" says more):\n" +
         stage_list() +
         "\n"
         "Exit status: 0 all ok, 1 some failed, 2 usage or spec error, 3 the run could not go on,\n"
         "130/143 signal.\n";
}

std::string check_help() {
  return "Usage: leat check [OPTION]... SPEC\n"
         "       leat check [OPTION]... -f FILE\n"
         "\n"
         "Says what is wrong with a spec, and where; else prints its plan. Nothing is fetched.\n" +
         list_flags(check_flags()) +
         "\n"
         "Exit status: 0 it is right, 2 it is not.\n";
}

}  // namespace leat::cli
