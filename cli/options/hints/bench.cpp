#include <array>

#include "cli/options/hints/hints.hpp"

namespace leat::cli {

namespace {

constexpr std::array kWords{
    // The load.
    Synonym{"-t", "use --threads N for threads, --timeout T for one request, -z T for the whole run",
            "use --threads {} for threads, --timeout {} for one request, -z {} for the whole run"},
    Synonym{"-j --jobs --workers --max-workers --users --vus --vus-max --max-vus --pre-allocated-vus "
            "--connections --concurrent --clients "
            "--parallel --parallelism --max-connections --parallel-max",
            "use -c N", "use -c {}"},
    Synonym{
        "-a --count --number --total --iterations --amount --repeat --total-requests --max-requests --reps",
        "use -n N", "use -n {}"},
    Synonym{"--time --timelimit --time-limit --run-time --length", "use -z T", "use -z {}"},
    Synonym{"-r --qps --rps --query-per-second --requests-per-second --overall-rate --speed --rate-limit "
            "--throughput",
            "use -R R, as in -R 500/s", "use -R {}/s"},
    Synonym{"--stage --ramp --ramping --rampup --burst-rate --burst-delay",
            "use --stages LIST, as in --stages 10s@100,30s@100..1000", ""},
    Synonym{"-l --latency --latencies --percentiles --percentile --histogram --stats-success-breakdown",
            "percentiles are printed already", ""},
    Synonym{"--latency-correction --u-latency --corrected --uncorrected",
            "with -R, latencies run from the planned moment already", ""},
    Synonym{"-L --location --follow --redirect --redirects --follow-redirects --max-redirs --max-redirects",
            "redirects are not followed, unless --full is given; percentiles are printed already", ""},
    Synonym{"--disable-redirects --no-redirects --no-follow",
            "redirects are not followed already, unless --full "
            "is given",
            ""},
    Synonym{"-f --fail --fail-with-body --fail-on-error",
            "a status of 400 or more does not end a run; --check 'error_rate<1%' judges it", ""},
    Synonym{"--threshold --thresholds --assert --fail-if --slo --ensure",
            "use --check EXPR, as in --check 'p99<200ms'", ""},
    Synonym{"-w", "use --html FILE for a page; --warmup T runs before anything is measured", ""},
    Synonym{"-W --warm-up-time --warmup-duration --warmup-time", "use --warmup T", "use --warmup {}"},
    Synonym{"--cpus --cores --procs", "use --threads N", "use --threads {}"},
    Synonym{"--pipeline --pipelining --max-concurrent-streams --parallel-streams --streams-per-connection",
            "use --http2 with --streams N", "use --http2 with --streams {}"},
    Synonym{"-p", "use --http2 with --streams N for streams, --data-binary @FILE for a body",
            "use --http2 with --streams {}"},
    Synonym{"-m", "use -X METHOD; the time of one request is --timeout T", "use --timeout {}"},
    Synonym{"--max-time --request-timeout --socket-timeout", "use --timeout T", "use --timeout {}"},
    Synonym{"--baseline --diff", "use --compare OLD NEW", ""},
    Synonym{"--script --lua", "scripts are not run; {seq}, {random} and --data-csv FILE make requests differ",
            ""},
    Synonym{"-s", "scripts are not run; {seq} and --data-csv FILE make requests differ; -q prints no report",
            "use --timeout {}"},
    Synonym{"-S --silent --no-summary", "use -q, which prints no report", ""},
    Synonym{"--retry --retry-all-errors --retry-on --retries --retry-connrefused --max-errors --fail-fast",
            "no request is sent again, and no failure ends a run: all are counted", ""},
    Synonym{"--rand-regex-url --rand --random", "use {random} in URLs, headers and bodies", ""},
    Synonym{"--per-host --state --failed --on-exist --order --include --fields",
            "leat get has it; leat bench measures", ""},
    Synonym{"-g --globoff",
            "[ ] stand for themselves already; {{ and }} are braces; a file of ab's kind is "
            "--samples FILE",
            ""},
    Synonym{"--wait-ongoing-requests-after-deadline --graceful-stop",
            "use --drain T, which awaits what was sent", ""},
    Synonym{"--bailout --abort-on-fail", "use --abort-on EXPR, as in --abort-on 'error_rate>50%'", ""},
    Synonym{"--benchmark --no-delay", "there is no pause between requests already, unless --think is given",
            ""},
    Synonym{"--discard-response-bodies", "bodies are read and not kept already", ""},
    Synonym{"--expect-body", "use --expect-body-size SIZE", ""},
    Synonym{"--internet --lazy --chunked", "targets are read as they are, in turn", ""},

    // The requests.
    Synonym{"--targets --urls-from-file --urls --url-file --input-file --file --requests-file", "use -i FILE",
            ""},
    Synonym{"--url --uri", "a URL stands by itself, without an option", ""},
    Synonym{"--method --verb", "use -X METHOD", ""},
    Synonym{"-I --head", "use -X HEAD", ""},
    Synonym{"-G --get --url-query --data-urlencode", "write the query into the URL", ""},
    Synonym{"--cookies", "use -b 'NAME=VALUE'", ""},
    Synonym{"-C --cookie-jar", "cookies of servers are not kept; -b 'NAME=VALUE' sends one", ""},
    Synonym{"--body --data-ascii --payload", "use -d DATA", ""},
    Synonym{"-D --body-file --post-file --data-file --put-file", "use --data-binary @FILE",
            "use -z {} for the whole run"},
    Synonym{"--upload-file", "use -X PUT and --data-binary @FILE", ""},
    Synonym{"-T --content-type", "use -H 'Content-Type: TYPE'", "use --connect-timeout {}"},
    Synonym{"-F --form --form-string", "use --data-binary @FILE with a form that is made already, and -H",
            ""},
    Synonym{"--accept", "use -H 'Accept: TYPE'", ""},
    Synonym{"--host", "use -H 'Host: NAME', or --resolve H:P:ADDR", ""},
    Synonym{"--headers", "use -H LINE", ""},
    Synonym{"-e --referer", "use -H 'Referer: URL'; a table of percentiles is --csv FILE",
            "use --samples FILE"},
    Synonym{"--basic-auth --auth --password --digest --ntlm --anyauth --basic",
            "use -u USER:PASS, which is Basic", ""},
    Synonym{"--oauth2-bearer --bearer --token", "use -H 'Authorization: Bearer TOKEN'", ""},
    Synonym{"--compressed --gzip", "use -H 'Accept-Encoding: gzip'", ""},
    Synonym{"--disable-compression --no-compression", "no compression is asked for already", ""},
    Synonym{"-P -U --proxy-user --noproxy --no-proxy --proxy-header --proxy-insecure",
            "-x URL is all that is there for proxies; USER:PASS@ may stand in it", ""},

    // The connections.
    Synonym{"--disable-keepalive --no-connection-reuse --no-keep-alive --keepalive-time",
            "use --no-keepalive", ""},
    Synonym{"--keep-alive --keepalive",
            "connections are kept already; --no-keepalive makes a new one each time", ""},
    Synonym{"--http1.1 --http1 --h1 --no-tls-proto",
            "HTTP/1.1 is spoken already, unless --http2 is "
            "given",
            ""},
    Synonym{"--h2c", "use --http2-prior-knowledge", ""},
    Synonym{"-2 --h2 --http3 --http-version", "use --http2, which is by TLS", ""},
    Synonym{"--insecure-skip-tls-verify --no-check-certificate --skip-verify --no-verify", "use -k", ""},
    Synonym{"--root-certs --ca --ca-certificate --capath", "use --cacert FILE", ""},
    Synonym{"--client-cert", "use -E FILE", ""},
    Synonym{"--dns --no-pre-lookup", "use --dns-ttl T", ""},
    Synonym{"-B --laddr --interface --local-addr",
            "leat bench has no address of its own to give; leat get does", ""},
    Synonym{"--tlsv1.2 --tlsv1.3 --tls-max --ciphers", "this is left to the TLS library", ""},

    // What is printed.
    Synonym{"-o", "use --save FILE for the JSON document, --samples FILE for each request", ""},
    Synonym{"--out --output --output-file --summary-export --json-out --export",
            "use --save FILE, or --samples "
            "FILE for each request",
            ""},
    Synonym{"-O --output-dir --output-document --remote-name -J --remote-header-name",
            "bodies are not saved; leat get does that", ""},
    Synonym{"--output-format --print --reporter", "use --format text or json", ""},
    Synonym{"--log-file --log --gnuplot --ndjson", "use --samples FILE", ""},
    Synonym{"--report --plot --graph --chart --graphs", "use --html FILE", ""},
    Synonym{"--write-out --dump-header", "use --samples FILE, which has a line for each request", ""},
    Synonym{"--no-tui --no-progress --no-bar --progress-bar", "use --progress off, or --progress bar", ""},
    Synonym{"-v --verbose --debug --http-debug --trace",
            "leat bench says all in its report; leat get -v shows a request", ""},
    Synonym{"--no-color --no-colour --disable-color --color", "only a terminal gets colours", ""},
    Synonym{"-K", "use --config FILE", ""},
    Synonym{"-V --version", "leat --version prints it", ""},
    Synonym{"--env --tag --tags --no-thresholds --db-url --fps --max-body --cookies-file",
            "leat has nothing of the kind", ""},
};

constexpr std::array kValues{
    OddValue{"data", OddValue::Is::time,
             "the length of the run is -z T; --data-raw sends it as a body all the same"},
    OddValue{"user", OddValue::Is::number, "requests at once are -c N"},
    OddValue{"input", OddValue::Is::url, "a URL stands by itself; -X HEAD asks for headers alone"},
    OddValue{"quiet", OddValue::Is::follows, "requests a second are -R N/s"},
    OddValue{"insecure", OddValue::Is::follows, "connections are kept already"},
};

constexpr OtherTools kHints{"bench", kWords, kValues};

}  // namespace

const OtherTools& bench_hints() noexcept { return kHints; }

}  // namespace leat::cli
