#include "cli/options/options.hpp"

#include <algorithm>
#include <array>

#include "cli/options/arguments.hpp"
#include "cli/options/presets.hpp"
#include "cli/run/run_options.hpp"

namespace leat::cli {

namespace {

using Setter = void (*)(GetOptions&, std::string);

struct Row {
  Flag flag;
  Setter set;
};

template <auto Member>
void assign(GetOptions& options, std::string value) {
  options.*Member = std::move(value);
}
template <auto Member>
void append(GetOptions& options, std::string value) {
  (options.*Member).push_back(std::move(value));
}
// Has been seen to: see with_presets.
void ignore(GetOptions& /*options*/, std::string /*value*/) {}
template <auto Member>
void turn_on(GetOptions& options, std::string /*value*/) {
  options.*Member = true;
}
template <DataPart::Kind kind>
void add_data(GetOptions& options, std::string value) {
  options.data.push_back({kind, std::move(value)});
}
template <auto Member>
void set_wire(GetOptions& options, std::string value) {
  options.wire.*Member = std::move(value);
}
template <auto Member>
void append_wire(GetOptions& options, std::string value) {
  (options.wire.*Member).push_back(std::move(value));
}
template <auto Member, auto value>
void choose_wire(GetOptions& options, std::string /*value*/) {
  options.wire.*Member = value;
}
void set_netrc_file(GetOptions& options, std::string value) {
  options.wire.netrc_file = std::move(value);
  if (options.wire.netrc == http::WireOptions::Netrc::off)
    options.wire.netrc = http::WireOptions::Netrc::required;
}

constexpr std::string_view kInput = "What is fetched";
constexpr std::string_view kRequest = "The request";
constexpr std::string_view kCredentials = "Who asks";
constexpr std::string_view kWay = "The way there";
constexpr std::string_view kTls = "TLS";
constexpr std::string_view kLimits = "How many, how long";
constexpr std::string_view kBodies = "Where bodies go";
constexpr std::string_view kResults = "What is printed";

using O = GetOptions;
using Kind = DataPart::Kind;
using W = http::WireOptions;

constexpr std::array kRows{
    Row{{"i", "input", "FILE", "read a list from FILE, gzip and zstd too; - is standard input", kInput},
        append<&O::inputs>},
    Row{{"", "input-format", "FORMAT", "the list is auto, lines, json, csv, tsv or aria2 (default auto)",
         kInput},
        assign<&O::input_format>},
    Row{{"", "columns", "LIST", "take url=link,output=name from these columns of a csv or tsv list", kInput},
        assign<&O::columns>},
    Row{{"", "dedupe", "", "fetch each URL once; the others are skipped", kInput}, turn_on<&O::dedupe>},

    Row{{"H", "header", "LINE", "add the header \"Name: value\"; @FILE adds its lines (repeatable)",
         kRequest},
        append<&O::headers>},
    Row{{"X", "request", "METHOD", "use METHOD in place of GET, or of POST with -d", kRequest},
        assign<&O::request>},
    Row{{"d", "data", "DATA", "send DATA, or @FILE without line ends (repeatable, joined by &)", kRequest},
        add_data<Kind::text_or_file>},
    Row{{"", "data-raw", "DATA", "as -d, but @ means nothing", kRequest}, add_data<Kind::raw>},
    Row{{"", "data-binary", "DATA", "as -d, but @FILE is sent as it is", kRequest},
        add_data<Kind::binary_or_file>},
    Row{{"", "json", "DATA", "as --data-binary, with Content-Type and Accept: application/json", kRequest},
        add_data<Kind::json>},
    Row{{"T", "upload-file", "FILE", "send FILE as the body, by PUT; a URL that ends in / gets its name",
         kRequest},
        assign<&O::upload>},
    Row{{"I", "head", "", "ask for the headers alone, by HEAD", kRequest}, turn_on<&O::head>},
    Row{{"A", "user-agent", "NAME", "say who asks (default leat/VERSION)", kRequest}, assign<&O::user_agent>},
    Row{{"e", "referer", "URL", "say where the request comes from", kRequest}, assign<&O::referer>},
    Row{{"", "compressed", "", "ask for gzip, deflate, br or zstd, and decode it", kRequest},
        choose_wire<&W::compressed, true>},
    Row{{"", "max-redirects", "N", "follow at most N redirects, 0 to 1000 (default 10)", kRequest},
        assign<&O::max_redirects>},

    Row{{"u", "user", "USER:PASS", "authenticate (Basic); without :PASS, ask on the terminal", kCredentials},
        assign<&O::user>},
    Row{{"", "oauth2-bearer", "TOKEN", "authenticate by \"Authorization: Bearer TOKEN\"", kCredentials},
        assign<&O::bearer>},
    Row{{"", "netrc", "", "take credentials by host from ~/.netrc", kCredentials},
        choose_wire<&W::netrc, W::Netrc::required>},
    Row{{"", "netrc-file", "FILE", "take them from FILE", kCredentials}, set_netrc_file},
    Row{{"", "netrc-optional", "", "as --netrc, but what a URL or -u says comes first", kCredentials},
        choose_wire<&W::netrc, W::Netrc::optional>},
    Row{{"b", "cookie", "DATA|FILE", "send \"name=value\", or read FILE; keeps what servers set (repeatable)",
         kCredentials},
        append_wire<&W::cookies>},
    Row{{"c", "cookie-jar", "FILE", "write all cookies to FILE at the end", kCredentials},
        set_wire<&W::cookie_jar>},
    Row{{"", "location-trusted", "", "send -u -b and -H to other origins that a redirect names, too",
         kCredentials},
        turn_on<&O::location_trusted>},

    Row{{"x", "proxy", "URL", "go through it: http, https, socks4, socks4a, socks5 or socks5h", kWay},
        set_wire<&W::proxy>},
    Row{{"U", "proxy-user", "USER:PASS", "authenticate to the proxy (Basic)", kWay},
        set_wire<&W::proxy_user>},
    Row{{"", "noproxy", "HOSTS", "go to these, separated by commas, without it; * is all", kWay},
        set_wire<&W::noproxy>},
    Row{{"", "proxy-insecure", "", "accept any certificate of an https proxy", kWay},
        choose_wire<&W::proxy_insecure, true>},
    Row{{"", "resolve", "H:P:ADDR", "take ADDR[,ADDR] for the address of host H, port P (repeatable)", kWay},
        append_wire<&W::resolve>},
    Row{{"", "connect-to", "H:P:H2:P2", "connect to H2:P2 in place of H:P (repeatable)", kWay},
        append_wire<&W::connect_to>},
    Row{{"", "unix-socket", "FILE", "connect to that socket", kWay}, set_wire<&W::unix_socket>},
    Row{{"", "interface", "NAME", "use this interface or address of the machine", kWay},
        set_wire<&W::interface>},
    Row{{"4", "ipv4", "", "use IPv4 addresses only", kWay}, choose_wire<&W::ip, W::Ip::v4>},
    Row{{"6", "ipv6", "", "use IPv6 addresses only", kWay}, choose_wire<&W::ip, W::Ip::v6>},
    Row{{"", "block-private", "", "refuse private, loopback and link-local addresses", kWay},
        choose_wire<&W::block_private, true>},
    Row{{"", "http2", "", "use HTTP/2 where a TLS server agrees", kWay}, choose_wire<&W::http, W::Http::v2>},
    Row{{"", "http1.1", "", "use HTTP/1.1 (default)", kWay}, choose_wire<&W::http, W::Http::v1_1>},

    Row{{"k", "insecure", "", "accept any TLS certificate", kTls}, turn_on<&O::insecure>},
    Row{{"", "cacert", "FILE", "trust these certificates (default the system's)", kTls},
        set_wire<&W::ca_file>},
    Row{{"", "capath", "DIR", "trust those in DIR, too", kTls}, set_wire<&W::ca_path>},
    Row{{"E", "cert", "FILE[:PASS]", "show the server this certificate", kTls}, set_wire<&W::cert>},
    Row{{"", "key", "FILE", "take its key from FILE (default from --cert's)", kTls}, set_wire<&W::key>},
    Row{{"", "pass", "PASS", "open the key by PASS", kTls}, set_wire<&W::key_password>},
    Row{{"", "pinnedpubkey", "PIN", "accept no other public key: a file, or sha256//BASE64", kTls},
        set_wire<&W::pinned_key>},
    Row{{"", "tlsv1.2", "", "use TLS 1.2 or later (default)", kTls}, choose_wire<&W::tls, W::Tls::v1_2>},
    Row{{"", "tlsv1.3", "", "use TLS 1.3 or later", kTls}, choose_wire<&W::tls, W::Tls::v1_3>},

    Row{{"j", "jobs", "N", "transfers at once, 1 to 65535 (default 32)", kLimits}, assign<&O::jobs>},
    Row{{"", "per-host", "N", "transfers at once to one scheme, host and port (default as -j)", kLimits},
        assign<&O::per_host>},
    Row{{"", "rate", "R", "start R requests, all together: 50/s, 10/min (default: any)", kLimits},
        assign<&O::rate>},
    Row{{"", "per-host-rate", "R", "start R requests to one scheme, host and port (default: any)", kLimits},
        assign<&O::per_host_rate>},
    Row{{"", "limit-rate", "SIZE", "receive SIZE bytes a second, all transfers together (default 0: any)",
         kLimits},
        assign<&O::limit_rate>},
    Row{{"", "threads", "N", "run transfers on N threads with a loop each, 1 to 64 (default 1)", kLimits},
        assign<&O::threads>},
    Row{{"", "window", "N", "read N records ahead of those whose host must wait (default 10000)", kLimits},
        assign<&O::window>},
    Row{{"", "timeout", "T", "end a transfer after T (default 0: never)", kLimits}, assign<&O::timeout>},
    Row{{"", "connect-timeout", "T", "end a transfer that is not connected after T (default 10s)", kLimits},
        assign<&O::connect_timeout>},
    Row{{"", "stall", "T", "end a transfer that brings no byte for T (default 30s)", kLimits},
        assign<&O::stall>},
    Row{{"", "retry", "N", "try again N times after a failure that may pass (default 3)", kLimits},
        assign<&O::retry>},
    Row{{"", "retry-max-time", "T", "start no retry of a record after T (default 10m)", kLimits},
        assign<&O::retry_max_time>},
    Row{{"", "retry-on", "LIST", "also try again after these: statuses, 4xx, error codes, all", kLimits},
        assign<&O::retry_on>},
    Row{{"", "host-down", "T", "give a host up that has answered nothing for T (default 60s; 0: never)",
         kLimits},
        assign<&O::host_down>},
    Row{{"", "race", "N", "ask N of a line's URL and its mirrors at once; the first good one wins", kLimits},
        assign<&O::race>},
    Row{{"", "segments", "N", "fetch a large file over N connections, mirrors too (default 1)", kLimits},
        assign<&O::segments>},
    Row{{"", "min-segment", "SIZE", "no connection for less than SIZE of it (default 1MiB)", kLimits},
        assign<&O::min_segment>},
    Row{{"", "host-errors", "N", "give a host up after N failures in a row (default 0: never)", kLimits},
        assign<&O::host_errors>},
    Row{{"", "max-size", "SIZE", "fail a body of more than SIZE decoded bytes (default 0: any)", kLimits},
        assign<&O::max_size>},
    Row{{"", "grace", "T", "after SIGINT or SIGTERM, let what runs finish for T (default 10s)", kLimits},
        assign<&O::grace>},

    Row{{"o", "output", "TEMPLATE", "save bodies: 'out/{host}/{name}', or a directory (DIR/ is DIR/{name})",
         kBodies},
        assign<&O::output>},
    Row{{"O", "output-dir", "DIR", "save bodies as DIR/{name}, or as -o says below DIR", kBodies},
        assign<&O::output_dir>},
    Row{{"", "on-exist", "HOW", "if a file is there: resume skip overwrite rename fail (default resume)",
         kBodies},
        assign<&O::on_exist>},
    Row{{"", "if-changed", "", "fetch a file that is there again only if it has changed", kBodies},
        turn_on<&O::if_changed>},
    Row{{"J", "remote-header-name", "", "{name} is what Content-Disposition says, if it says one", kBodies},
        turn_on<&O::remote_header_name>},
    Row{{"", "no-remote-time", "", "give files the time of their arrival, not Last-Modified's", kBodies},
        turn_on<&O::no_remote_time>},
    Row{{"", "durable", "", "sync each file to the disk before its result is printed", kBodies},
        turn_on<&O::durable>},
    Row{{"", "exec", "CMD", "run CMD for each record that is ok, as in 'gzip {filename}'; no shell", kBodies},
        assign<&O::exec>},
    Row{{"", "checksums", "FILE", "bodies must have the sums of FILE, as sha256sum prints them", kBodies},
        assign<&O::checksums>},
    Row{{"", "hash", "LIST", "put sha256, sha1, md5, sha512 of each body into its result", kBodies},
        assign<&O::hash>},

    Row{{"", "order", "ORDER", "print results by completion or by input (default completion)", kResults},
        assign<&O::order>},
    Row{{"", "format", "FORMAT", "print results as json, csv, tsv or '{status} {url}' (default json)",
         kResults},
        assign<&O::format>},
    Row{{"", "fields", "LIST", "print these fields only, as url,status,meta.k (default a result's own)",
         kResults},
        assign<&O::fields>},
    Row{{"", "include", "LIST", "print body, headers, or body,headers in results, too", kResults},
        assign<&O::include>},
    Row{{"", "failed", "FILE", "write failed records to FILE as they stood in the input, to feed back",
         kResults},
        assign<&O::failed>},
    Row{{"", "max-errors", "N", "end the run when N records have failed (default: any)", kResults},
        assign<&O::max_errors>},
    Row{{"", "fail-fast", "", "end the run at the first failure: --max-errors 1", kResults},
        turn_on<&O::fail_fast>},
    Row{{"", "state", "FILE", "keep a journal in FILE: the same command goes on where it ended", kResults},
        assign<&O::state>},
    Row{{"", "retry-failed", "", "with --state: what failed before is done again", kResults},
        turn_on<&O::retry_failed>},
    Row{{"", "status", "", "with --state: print what the journal says, and run nothing", kResults},
        turn_on<&O::status>},
    Row{{"", "plan", "", "print the spec that this command is, and do nothing", kResults}, turn_on<&O::plan>},
    Row{{"", "record", "DIR", "keep each HTTP exchange in DIR, secrets removed", kResults},
        assign<&O::record>},
    Row{{"", "replay", "DIR", "take answers from what --record kept in DIR; no network", kResults},
        assign<&O::replay>},
    Row{{"", "progress", "KIND", "show progress: auto, bar, plain, json or off (default auto)", kResults},
        assign<&O::progress>},
    Row{{"q", "quiet", "", "print no progress and no summary", kResults}, turn_on<&O::quiet>},
    Row{{"s", "silent", "", "the same", kResults}, turn_on<&O::quiet>},
    Row{{"v", "verbose", "", "print the versions and the plan first", kResults}, turn_on<&O::verbose>},
    Row{{"", "debug", "", "report slow callbacks, dropped tasks, errors nobody looked at", kResults},
        turn_on<&O::debug>},
    Row{{"", "slow-callback", "T", "with --debug: a callback is slow from T on (default 100ms)", kResults},
        assign<&O::slow_callback>},
    Row{config_flag(kResults), ignore},
    Row{print_config_flag(kResults), ignore},
    Row{{"h", "help", "", "print this help", kResults}, turn_on<&O::help>},
};

constexpr auto kFlags = [] {
  std::array<Flag, kRows.size()> flags{};
  for (std::size_t i = 0; i < flags.size(); ++i) flags[i] = kRows[i].flag;
  return flags;
}();

// `leat run` has it, with the same meaning: it is no part of a plan.
bool is_run_level(const Flag& flag) {
  const auto flags = run_flags();
  return std::any_of(flags.begin(), flags.end(),
                     [&](const Flag& other) { return other.long_name == flag.long_name; });
}

}  // namespace

std::span<const Flag> get_flags() { return kFlags; }

Result<GetOptions> parse_get_options(std::span<const std::string_view> arguments) {
  auto parsed = parse_arguments(kFlags, arguments);
  if (!parsed) return std::move(parsed.error());
  GetOptions options;
  for (auto& [flag, value] : parsed->options) {
    if (is_run_level(kRows[flag].flag)) {
      options.run_level.push_back("--" + std::string(kRows[flag].flag.long_name));
      if (!value.empty()) options.run_level.push_back(value);
    }
    kRows[flag].set(options, std::move(value));
  }
  options.urls = std::move(parsed->positionals);
  return options;
}

}  // namespace leat::cli
