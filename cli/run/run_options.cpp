#include "cli/run/run_options.hpp"

#include <array>
#include <utility>

#include "cli/options/arguments.hpp"
#include "cli/options/presets.hpp"

namespace leat::cli {

namespace {

struct Row {
  Flag flag;
  void (*set)(RunOptions&, std::string);
};

template <auto Member>
void assign(RunOptions& options, std::string value) {
  options.*Member = std::move(value);
}
template <auto Member>
void append(RunOptions& options, std::string value) {
  (options.*Member).push_back(std::move(value));
}
// Has been seen to: see with_presets.
void ignore(RunOptions& /*options*/, std::string /*value*/) {}
template <auto Member>
void turn_on(RunOptions& options, std::string /*value*/) {
  options.*Member = true;
}

constexpr std::string_view kSpec = "The spec";
constexpr std::string_view kRunning = "How it runs";
constexpr std::string_view kReports = "What is reported";

using O = RunOptions;

constexpr Row kFile{{"f", "file", "FILE", "take the spec from FILE; - is standard input", kSpec},
                    assign<&O::file>};
constexpr Row kSet{{"", "set", "NAME=VALUE", "give a variable of the spec a value (repeatable)", kSpec},
                   append<&O::sets>};
constexpr Row kConfig{config_flag(kReports), ignore};
constexpr Row kPrintConfig{print_config_flag(kReports), ignore};
constexpr Row kHelp{{"h", "help", "", "print this help", kReports}, turn_on<&O::help>};

constexpr std::array kRunRows{
    kFile,
    kSet,
    Row{{"", "expr-timeout", "T", "fail a record whose jq program or XPath runs longer than T (default 1s)",
         kRunning},
        assign<&O::expr_timeout>},
    Row{{"", "state", "FILE", "keep a journal in FILE: the same command goes on where it ended", kRunning},
        assign<&O::state>},
    Row{{"", "retry-failed", "", "with --state: what failed before is done again", kRunning},
        turn_on<&O::retry_failed>},
    Row{{"", "status", "", "with --state: print what the journal says, and run nothing", kRunning},
        turn_on<&O::status>},
    Row{{"", "grace", "T", "after SIGINT or SIGTERM, let running transfers finish for T (default 10s)",
         kRunning},
        assign<&O::grace>},
    Row{{"", "failed", "FILE", "write failed records to FILE as they stood in the input, to feed back",
         kRunning},
        assign<&O::failed>},
    Row{{"", "max-errors", "N", "end the run when N records have failed (default: any)", kRunning},
        assign<&O::max_errors>},
    Row{{"", "fail-fast", "", "end the run at the first failure: --max-errors 1", kRunning},
        turn_on<&O::fail_fast>},
    Row{{"", "record", "DIR", "keep each HTTP exchange in DIR, secrets removed", kRunning},
        assign<&O::record>},
    Row{{"", "replay", "DIR", "take answers from what --record kept in DIR; no network", kRunning},
        assign<&O::replay>},
    Row{{"", "progress", "KIND", "show progress: auto, bar, plain, json or off (default auto)", kReports},
        assign<&O::progress>},
    Row{{"q", "quiet", "", "print no progress and no summary", kReports}, turn_on<&O::quiet>},
    Row{{"v", "verbose", "", "print the versions and the spec first", kReports}, turn_on<&O::verbose>},
    Row{{"", "debug", "", "report slow callbacks, dropped tasks and errors that nobody looked at", kReports},
        turn_on<&O::debug>},
    Row{{"", "slow-callback", "T", "with --debug: a callback is slow from T on (default 100ms)", kReports},
        assign<&O::slow_callback>},
    kConfig,
    kPrintConfig,
    kHelp,
};

constexpr std::array kCheckRows{
    kFile,
    kSet,
    Row{{"", "format", "", "print the spec in its canonical form instead of the plan", kSpec},
        turn_on<&O::format>},
    kConfig,
    kPrintConfig,
    kHelp,
};

template <std::size_t N>
constexpr std::array<Flag, N> flags_of(const std::array<Row, N>& rows) {
  std::array<Flag, N> flags{};
  for (std::size_t i = 0; i < N; ++i) flags[i] = rows[i].flag;
  return flags;
}
constexpr auto kRunFlags = flags_of(kRunRows);
constexpr auto kCheckFlags = flags_of(kCheckRows);

template <std::size_t N>
Result<RunOptions> parse(const std::array<Row, N>& rows, std::span<const Flag> flags,
                         std::span<const std::string_view> arguments) {
  auto parsed = parse_arguments(flags, arguments);
  if (!parsed) return std::move(parsed.error());
  RunOptions options;
  for (auto& [flag, value] : parsed->options) rows[flag].set(options, std::move(value));
  options.specs = std::move(parsed->positionals);
  return options;
}

}  // namespace

std::span<const Flag> run_flags() { return kRunFlags; }
std::span<const Flag> check_flags() { return kCheckFlags; }

Result<RunOptions> parse_run_options(std::span<const std::string_view> arguments) {
  return parse(kRunRows, kRunFlags, arguments);
}
Result<RunOptions> parse_check_options(std::span<const std::string_view> arguments) {
  return parse(kCheckRows, kCheckFlags, arguments);
}

}  // namespace leat::cli
