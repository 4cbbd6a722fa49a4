#include "cli/bench/bench_options.hpp"

#include <array>

#include "cli/options/arguments.hpp"
#include "cli/options/presets.hpp"

namespace leat::cli {

namespace {

using Setter = void (*)(BenchOptions&, std::string);

struct Row {
  Flag flag;
  Setter set;
};

template <auto Member>
void assign(BenchOptions& options, std::string value) {
  options.*Member = std::move(value);
}
template <auto Member>
void append(BenchOptions& options, std::string value) {
  (options.*Member).push_back(std::move(value));
}
// Has been seen to: see with_presets.
void ignore(BenchOptions& /*options*/, std::string /*value*/) {}
template <auto Member>
void turn_on(BenchOptions& options, std::string /*value*/) {
  options.*Member = true;
}
template <DataPart::Kind kind>
void add_data(BenchOptions& options, std::string value) {
  options.data.push_back({kind, std::move(value)});
}

constexpr std::string_view kLoad = "The load";
constexpr std::string_view kRequest = "The requests";
constexpr std::string_view kConnection = "The connections";
constexpr std::string_view kJudge = "What is judged";
constexpr std::string_view kReport = "What is printed";

using O = BenchOptions;
using Kind = DataPart::Kind;

constexpr std::array kRows{
    Row{{"c", "concurrency", "N", "requests at once, 1 to 65535 (default 50)", kLoad},
        assign<&O::concurrency>},
    Row{{"n", "requests", "N", "end after N requests; with -z, after what comes first", kLoad},
        assign<&O::requests>},
    Row{{"z", "duration", "T", "send requests for T (default 10s, unless -n or --stages is given)", kLoad},
        assign<&O::duration>},
    Row{{"R", "rate", "R", "send at a fixed rate, such as 500/s, whatever becomes of earlier ones", kLoad},
        assign<&O::rate>},
    Row{{"", "arrival", "KIND", "with a rate: constant, or poisson, at random (default constant)", kLoad},
        assign<&O::arrival>},
    Row{{"", "stages", "LIST", "rates one after the other: 10s@100,30s@100..1000,10s@1000", kLoad},
        assign<&O::stages>},
    Row{{"", "think", "T", "without a rate: wait for T between an answer and the next request", kLoad},
        assign<&O::think>},
    Row{{"", "warmup", "T", "run for T before anything is measured (default 0)", kLoad}, assign<&O::warmup>},
    Row{{"", "threads", "N", "make the load on N threads, 1 to 64 (default: one for each core)", kLoad},
        assign<&O::threads>},
    Row{{"", "seed", "N", "of all that is random (default 0)", kLoad}, assign<&O::seed>},

    Row{{"i", "input", "FILE", "read targets from FILE, URLs or JSON objects, one a line; - is stdin",
         kRequest},
        append<&O::inputs>},
    Row{{"", "data-csv", "FILE", "each request takes the next row of FILE for {COLUMN} in what it sends",
         kRequest},
        assign<&O::data_csv>},
    Row{{"H", "header", "LINE", "add the header \"Name: value\"; @FILE adds each line of FILE (repeatable)",
         kRequest},
        append<&O::headers>},
    Row{{"X", "request", "METHOD", "use METHOD in place of GET, or of POST with -d", kRequest},
        assign<&O::request>},
    Row{{"d", "data", "DATA", "send DATA, or the file @FILE without line ends (repeatable, joined by &)",
         kRequest},
        add_data<Kind::text_or_file>},
    Row{{"", "data-raw", "DATA", "as -d, but @ means nothing", kRequest}, add_data<Kind::raw>},
    Row{{"", "data-binary", "DATA", "as -d, but @FILE is sent as it is", kRequest},
        add_data<Kind::binary_or_file>},
    Row{{"u", "user", "USER:PASS", "authenticate (Basic); without :PASS, ask on the terminal", kRequest},
        assign<&O::user>},
    Row{{"A", "user-agent", "NAME", "say who asks (default leat/VERSION)", kRequest}, assign<&O::user_agent>},

    Row{{"", "timeout", "T", "give a request up after T (default 30s)", kConnection}, assign<&O::timeout>},
    Row{{"", "connect-timeout", "T", "give a connection up that does not stand after T (default 10s)",
         kConnection},
        assign<&O::connect_timeout>},
    Row{{"", "no-keepalive", "", "make a connection for each request", kConnection},
        turn_on<&O::no_keepalive>},
    Row{{"", "full", "", "send by libcurl: follow redirects, at a third of the speed", kConnection},
        turn_on<&O::full>},
    Row{{"", "http2", "", "use HTTP/2 where the server offers it; implies --full", kConnection},
        turn_on<&O::http2>},
    Row{{"", "streams", "N", "with --http2: requests at once on each connection, 1 to 1000 (default 1)",
         kConnection},
        assign<&O::streams>},
    Row{{"", "unix-socket", "PATH", "connect to this Unix socket in place of the URL's host", kConnection},
        assign<&O::unix_socket>},
    Row{{"", "resolve", "H:P:ADDR", "use ADDR for host H at port P, as curl does (repeatable)", kConnection},
        append<&O::resolve>},
    Row{{"", "dns-ttl", "T", "look a name up again for connections after T (default 60s)", kConnection},
        assign<&O::dns_ttl>},
    Row{{"x", "proxy", "URL", "connect through a tunnel of this proxy", kConnection}, assign<&O::proxy>},
    Row{{"k", "insecure", "", "accept any TLS certificate", kConnection}, turn_on<&O::insecure>},
    Row{{"", "cacert", "FILE", "trust the certificates in FILE, in PEM, not the system's", kConnection},
        assign<&O::cacert>},

    Row{{"", "check", "EXPR", "fail with status 4 unless EXPR holds: 'p99<200ms' (repeatable)", kJudge},
        append<&O::checks>},
    Row{{"", "check-mode", "MODE", "interval: fail if sure; point: by the value (default interval)", kJudge},
        assign<&O::check_mode>},
    Row{{"", "find-rate", "EXPR", "find the highest rate at which it holds, from -R on (default 100/s)",
         kJudge},
        assign<&O::find_rate>},
    Row{{"", "vs", "URL", "send to URL in turns, and say whether the two differ", kJudge},
        assign<&O::versus>},
    Row{{"", "compare", "", "send nothing: say whether two results of --save, OLD and NEW, differ", kJudge},
        turn_on<&O::compare>},
    Row{{"", "calibrate", "", "first send the same load to a responder inside leat: the noise floor", kJudge},
        turn_on<&O::calibrate>},
    Row{{"", "strict", "", "end with status 5 if the client itself was the limit", kJudge},
        turn_on<&O::strict>},

    Row{{"", "format", "KIND", "print text or json (default text)", kReport}, assign<&O::format>},
    Row{{"", "save", "FILE", "write the JSON document to FILE", kReport}, assign<&O::save>},
    Row{{"", "html", "FILE", "write a page with plots to FILE", kReport}, assign<&O::html>},
    Row{{"", "samples", "FILE", "write every request to FILE: CSV, or NDJSON if it ends in .ndjson", kReport},
        assign<&O::samples>},
    Row{{"", "progress", "KIND", "show the run on a terminal: auto, bar or off (default auto)", kReport},
        assign<&O::progress>},
    Row{{"q", "quiet", "", "print no report", kReport}, turn_on<&O::quiet>},
    Row{config_flag(kReport), ignore},
    Row{print_config_flag(kReport), ignore},
    Row{{"h", "help", "", "print this help", kReport}, turn_on<&O::help>},
};

constexpr auto kFlags = [] {
  std::array<Flag, kRows.size()> flags{};
  for (std::size_t i = 0; i < flags.size(); ++i) flags[i] = kRows[i].flag;
  return flags;
}();

}  // namespace

std::span<const Flag> bench_flags() { return kFlags; }

Result<BenchOptions> parse_bench_options(std::span<const std::string_view> arguments) {
  auto parsed = parse_arguments(kFlags, arguments);
  if (!parsed) return std::move(parsed.error());
  BenchOptions options;
  for (auto& [flag, value] : parsed->options) kRows[flag].set(options, std::move(value));
  options.urls = std::move(parsed->positionals);
  return options;
}

}  // namespace leat::cli
