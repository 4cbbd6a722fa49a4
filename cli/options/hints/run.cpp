#include <algorithm>
#include <array>

#include "cli/options/hints/hints.hpp"

namespace leat::cli {

namespace {

// What stands in the spec, for run and for check. An option that has the name of a stage's argument (--retry,
// --proxy) needs no row: unknown_option finds the argument.
constexpr std::array kSpecWords{
    Synonym{"-j -P -c --jobs --parallel --parallel-max --concurrency --workers --max-procs --connections",
            "it stands in the spec: fetch n=N", "it stands in the spec: fetch n={}"},
    Synonym{"-i --input --input-file -a --arg-file --urls", "the spec names its source: lines \"urls.txt\"",
            ""},
    Synonym{"-o -O --output --output-dir --save --dir --out",
            "it stands in the spec: save \"out/{host}/{name}\"", ""},
    Synonym{"--to --failed-file", "it stands in the spec: write json to=\"FILE\"", ""},
    Synonym{"-H --header --headers", "it stands in the spec: fetch header=\"Name: value\"", ""},
    Synonym{"-X --request --method", "it stands in the spec: fetch method=METHOD", ""},
    Synonym{"-d --data --data-raw --data-binary --json --body", "it stands in the spec: fetch body=\"DATA\"",
            ""},
    Synonym{"-T --upload-file", "it stands in the spec: fetch upload=\"FILE\"", ""},
    Synonym{"-u", "it stands in the spec: fetch user=\"USER:PASS\"", ""},
    Synonym{"-A", "it stands in the spec: fetch user-agent=\"NAME\"", ""},
    Synonym{"-e", "it stands in the spec: fetch referer=URL", ""},
    Synonym{"-b", "it stands in the spec: fetch cookie=\"NAME=VALUE\"", ""},
    Synonym{"-x", "it stands in the spec: fetch proxy=URL", ""},
    Synonym{"-U", "it stands in the spec: fetch proxy-user=\"USER:PASS\"", ""},
    Synonym{"-k", "it stands in the spec: fetch insecure=true", ""},
    Synonym{"-E", "it stands in the spec: fetch cert=\"FILE\"", ""},
    Synonym{"-m", "it stands in the spec: fetch timeout=T", "it stands in the spec: fetch timeout={}s"},
    Synonym{"-4 --ipv4", "it stands in the spec: fetch ip=4", ""},
    Synonym{"-6 --ipv6", "it stands in the spec: fetch ip=6", ""},
    Synonym{"--http2", "it stands in the spec: fetch http=2", ""},
    Synonym{"--http1.1", "it stands in the spec: fetch http=1.1", ""},
    Synonym{"--tlsv1.2", "it stands in the spec: fetch tls=1.2", ""},
    Synonym{"--tlsv1.3", "it stands in the spec: fetch tls=1.3", ""},
    Synonym{"--oauth2-bearer --bearer --token", "it stands in the spec: fetch bearer=TOKEN", ""},
    Synonym{"--netrc-optional", "it stands in the spec: fetch netrc=optional", ""},
    Synonym{"--tries --retries -t --max-retries", "it stands in the spec: fetch retry=N",
            "it stands in the spec: fetch retry={}"},
    Synonym{"--rps --qps -R", "it stands in the spec: fetch rate=R, as in rate=50/s",
            "it stands in the spec: fetch rate={}/s"},
    Synonym{"--fail", "it stands in the spec: fetch fail=4xx,5xx", ""},
    Synonym{"-L --location", "redirects are followed already; fetch max-redirects=0 follows none", ""},
    Synonym{"-J --remote-header-name", "it stands in the spec: save remote-name=true", ""},
    Synonym{"--no-remote-time", "it stands in the spec: save remote-time=false", ""},
    Synonym{"--exec", "it is a stage: see leat help exec", ""},
    Synonym{"--dedupe --uniq --unique", "it is a stage: see leat help dedupe", ""},
    Synonym{"--limit --head --max", "it is a stage: limit N", "it is a stage: limit {}"},
    Synonym{"--filter --where --select", "it is a stage: where (.status == 200)", ""},
    Synonym{"--order --keep-order", "it is a stage: ordered", ""},
    Synonym{"--sort --sort-by", "leat sorts nothing; sort(1) stands behind a pipe", ""},
    Synonym{"--csv --tsv", "it stands in the spec: write csv, or write tsv", ""},
    Synonym{"--input-format --columns", "the spec names its source: lines, json or csv columns=LIST", ""},
    Synonym{"-r --raw-output --join-output", "it stands in the spec: write \"{meta.k}\"", ""},
    Synonym{"--compact-output", "each result is one line already", ""},
    Synonym{"-s --slurp", "it is a stage: batch n=N makes one record of several", ""},
    Synonym{"--raw-input", "lines, the source, reads text, a line a record", ""},
    Synonym{"--null-input", "a spec begins with a source; urls, the source, needs no input", ""},
    Synonym{
        "--arg --argjson --args --jsonargs --rawfile --slurpfile --define --var --variable --param -D --env",
        "use --set NAME=VALUE", ""},
    Synonym{"--from-file --spec --spec-file --script --program", "use -f FILE", ""},
    Synonym{"--expr --eval --command", "the spec is an argument of its own, without an option", ""},
    Synonym{"-K", "use --config FILE", ""},
    Synonym{"-V --version", "leat --version prints it", ""},
    Synonym{"--no-color --colour --no-colour --color-output --monochrome-output",
            "only a terminal gets colours", ""},
};

constexpr std::array kRunWords{
    Synonym{"--tab --indent --seq --ascii-output --sort-keys",
            "each result is one line; jq stands behind a pipe", ""},
    Synonym{"--dry-run --plan --explain --validate --lint --check -n",
            "leat check SPEC does that, and runs "
            "nothing",
            ""},
    Synonym{"-w --write-out --format --output-format",
            "it stands in the spec: write csv, or write \"{status} {url}\"", ""},
    Synonym{"--continue --resume --journal --checkpoint --session", "use --state FILE", ""},
    Synonym{"--silent -S --show-error --no-progress --no-progress-meter",
            "use --progress off, or -q for no summary either", ""},
    Synonym{"-# --progress-bar --bar --eta", "use --progress bar", ""},
    Synonym{"--halt --max-failures --stop-on-error --exit-status", "use --max-errors N, or --fail-fast", ""},
    Synonym{"--errors --rejected-log --save-session", "use --failed FILE", ""},
    Synonym{"--trace --warc-file --har", "use --record DIR", ""},
    Synonym{"--log --log-file --joblog", "messages go to standard error: 2>FILE keeps them", ""},
};

constexpr std::array kCheckWords{
    Synonym{"-n --dry-run --plan --explain --validate --lint", "leat check does that already", ""},
    Synonym{"--fmt --pretty --indent --canonical", "use --format", ""},
    Synonym{"-v --verbose", "leat check prints the whole plan already", ""},
};

constexpr std::array kWorkWords{
    Synonym{"-f --file --spec -e --expr", "the spec is the job's: leat run --state URL SPEC begins one", ""},
    Synonym{"--state --redis --url --broker",
            "the URL of the job is an argument of its own, without an option", ""},
    Synonym{"-n --concurrency --processes --workers", "use -j N; more processes are more of leat work", ""},
    Synonym{"--info --show --list --inspect", "use --status", ""},
    Synonym{"--delete --remove --purge --clear", "use --drop", ""},
};

template <std::size_t M, std::size_t N>
constexpr std::array<Synonym, M + N> joined(const std::array<Synonym, M>& a,
                                            const std::array<Synonym, N>& b) {
  std::array<Synonym, M + N> all;
  std::copy(b.begin(), b.end(), std::copy(a.begin(), a.end(), all.begin()));
  return all;
}

constexpr auto kRunAll = joined(kRunWords, kSpecWords);
constexpr auto kCheckAll = joined(kCheckWords, kSpecWords);

constexpr OtherTools kRun{"run", kRunAll, {}};
constexpr OtherTools kCheck{"check", kCheckAll, {}};
constexpr OtherTools kWork{"work", kWorkWords, {}};

}  // namespace

const OtherTools& run_hints() noexcept { return kRun; }
const OtherTools& check_hints() noexcept { return kCheck; }
const OtherTools& work_hints() noexcept { return kWork; }

}  // namespace leat::cli
