#include <array>

#include "cli/options/hints/hints.hpp"

namespace leat::cli {

namespace {

constexpr std::array kWords{
    // What leat does anyway.
    Synonym{"--follow --follow-redirects --follow-location -follow",
            "redirects are followed already; --max-redirects 0 follows none", ""},
    Synonym{"--no-location --no-follow --no-redirect --no-redirects", "use --max-redirects 0", ""},
    Synonym{"--check-status", "a status of 400 or more is a failure already", ""},
    Synonym{"--fail-with-body",
            "a status of 400 or more is a failure already; --include body prints the body as well", ""},
    Synonym{"--parallel-immediate", "transfers run at once already; -j N says how many", ""},
    Synonym{"-N", "results are printed as they come already; --if-changed fetches only what has changed", ""},
    Synonym{"--no-buffer --line-buffer --line-buffered --stream --ungroup",
            "results are printed as they come already", ""},
    Synonym{"--mkdir --mkdirs", "directories are made already", ""},
    Synonym{
        "-C --continue-at --continue --resume --start-pos",
        "with -o or -O, a file that is there in part is continued already (--on-exist resume); --state FILE "
        "goes on with a whole list",
        ""},
    Synonym{"--retry-connrefused --retry-on-host-error",
            "these failures are tried again already; --retry N says how often", ""},
    Synonym{"--auth-no-challenge", "-u and -U authenticate by Basic already", ""},
    Synonym{"--keep-session-cookies --no-cookies",
            "cookies are kept only if -b or -c is given, those of a session included", ""},
    Synonym{"--no-run-if-empty", "a list that is empty is no error already", ""},
    Synonym{"-n --max-args --max-lines", "each URL is a transfer of its own; --netrc reads ~/.netrc", ""},
    Synonym{"--json-lines --jsonl --ndjson --pretty", "each result is a line of JSON already", ""},
    Synonym{"-y --yes --assume-yes", "leat asks no questions", ""},

    // How many, how long.
    Synonym{"-m", "use --timeout T; leat get follows no links", "use --timeout {}"},
    Synonym{"--max-time --time-limit --deadline", "use --timeout T", "use --timeout {}"},
    Synonym{"-P --max-procs --directory-prefix", "use -j N for transfers at once, -O DIR for a directory",
            "use -j {}"},
    Synonym{"--parallel-max --max-concurrent-downloads --max-threads --concurrency --concurrency-level "
            "--concurrent --parallelism "
            "--workers --connections --max-connections --procs",
            "use -j N", "use -j {}"},
    Synonym{"--max-connection-per-server --max-per-host --parallel-max-host --connections-per-host",
            "use --per-host N, or --segments N for one large file", "use --per-host {}, or --segments {}"},
    Synonym{"--split", "use --segments N", "use --segments {}"},
    Synonym{"--min-split-size --chunk-size --piece-length", "use --min-segment SIZE", ""},
    Synonym{"-t --tries --retries --attempts --max-tries --max-retries --max-retry", "use --retry N",
            "use --retry {}"},
    Synonym{"--retry-wait --waitretry --retry-backoff",
            "use --retry-delay T; without it pauses grow by themselves, and Retry-After is obeyed",
            "use --retry-delay {}; without it pauses grow by themselves, and Retry-After is obeyed"},
    Synonym{"--retry-on-http-error --retry-status --retry-codes", "use --retry-on LIST", ""},
    Synonym{"--speed-time --read-timeout --lowest-speed-limit --stall-timeout", "use --stall T", ""},
    Synonym{"-Y --speed-limit",
            "no least speed can be given; --stall T ends a transfer that brings no byte for T", ""},
    Synonym{"--dns-timeout", "use --connect-timeout T, or --timeout T for all of a transfer", ""},
    Synonym{"--wait --random-wait --delay --sleep --interval --throttle-delay",
            "use --per-host-rate R, as in --per-host-rate 1/s", ""},
    Synonym{"--rps --qps --requests-per-second", "use --rate R, as in --rate 50/s", "use --rate {}/s"},
    Synonym{"--max-overall-download-limit --max-download-limit --rate-limit --bandwidth --bwlimit --throttle "
            "--speed "
            "--max-speed",
            "use --limit-rate SIZE, for all transfers together", ""},
    Synonym{"--max-filesize --max-file-size --limit-size --quota -Q --max-body",
            "use --max-size SIZE, which bounds each body", ""},
    Synonym{"--max-redirs --max-redirect", "use --max-redirects N", "use --max-redirects {}"},
    Synonym{"--halt --max-failures --max-file-not-found --stop-on-error --exit-on-error",
            "use --max-errors N, or --fail-fast for the first failure", ""},
    Synonym{"-l --level --recursive --mirror --page-requisites -np --no-parent --span-hosts --domains "
            "--accept --reject --accept-regex --reject-regex --depth --convert-links --crawl --exclude-* "
            "--include-directories --follow-tags --ignore-tags --ignore-case --regex-type --relative "
            "--default-page --convert-file-only --backup-converted --strict-comments",
            "leat get follows no links; leat run does: see leat help crawl", ""},
    Synonym{"--requests --duration", "leat get fetches each URL once; leat bench measures an endpoint", ""},

    // The list.
    Synonym{"-a --arg-file --input-file --urls --url-file --urls-from-file --list --from-file --file",
            "use -i FILE", ""},
    Synonym{"-0 --null", "a list has a URL a line; tr '\\0' '\\n' stands before a pipe", ""},
    Synonym{"--force-html --base -B",
            "a list has full URLs; leat run finds those of a page: see leat help extract", ""},
    Synonym{"--uniq --unique --no-duplicates --dedup --deduplicate", "use --dedupe", ""},
    Synonym{"--colsep --delimiter --separator", "use --input-format csv or tsv, and --columns LIST", ""},
    Synonym{"--limit --head-lines --max-urls", "a list is cut by head -n N before a pipe", ""},
    Synonym{"--shuf --shuffle --random", "a list is shuffled by shuf(1) before a pipe", ""},
    Synonym{"--parameterized-uri --glob", "patterns in URLs are taken already; -g takes them as they are",
            ""},
    Synonym{"--no-glob", "use -g", ""},
    Synonym{"-: --next",
            "options hold for all URLs; a list of JSON objects (-i FILE) has a method, headers "
            "and a body for each",
            ""},
    Synonym{
        "--torrent-file --metalink-file -M --metalink --seed-* --bt-* --dht-* --enable-dht* --peer-* "
        "--metalink-* "
        "--follow-metalink --follow-torrent --enable-peer-exchange --on-bt-download-complete --listen-port "
        "--select-file --show-files --index-out",
        "leat reads no torrents and no Metalink files; a line of JSON may name mirrors", ""},
    Synonym{"--rpc-* --pause*", "nobody can ask leat by a port; SIGUSR1 has it say what it is doing", ""},
    Synonym{"--stop --stop-with-process --save-session-interval",
            "timeout(1) ends a run, and --state FILE goes on with it", ""},
    Synonym{"--enable-rpc --daemon --background", "the shell's & starts it in the background", ""},

    // The request.
    Synonym{"--params --query", "use --url-query NAME=VALUE, or write the query into the URL", ""},
    Synonym{"--data-ascii --post-data --body-data --post --payload --body",
            "use -d DATA; --include body prints the body of an answer", ""},
    Synonym{"--post-file --body-file", "use --data-binary @FILE", ""},
    Synonym{"--method --verb", "use -X METHOD", ""},
    Synonym{"--headers", "use -H LINE to send one, --include headers to print those of an answer", ""},
    Synonym{"-D --dump-header --server-response --show-headers --save-headers --print-headers",
            "use --include headers", ""},
    Synonym{"--spider --use-head --head-only", "use -I", ""},
    Synonym{"--content-on-error", "use --include body, which prints bodies of failures as well", ""},
    Synonym{"--trust-server-names",
            "files are named by the URL that was asked for; -J takes the server's name", ""},
    Synonym{"--ua --agent --user-agent-string", "use -A NAME", ""},
    Synonym{"--referrer", "use -e URL", ""},
    Synonym{"--gzip --compression --compress --http-accept-gzip", "use --compressed", ""},
    Synonym{"--no-cache --http-no-cache", "use -H 'Cache-Control: no-cache'", ""},
    Synonym{"--post301 --post302 --post303",
            "a redirect by 301, 302 or 303 turns POST into GET, as in browsers; 307 and 308 keep it", ""},
    Synonym{"--raw --tr-encoding --ignore-length --ignore-content-length --delegation --haproxy-protocol "
            "--alt-svc "
            "--no-hsts --disallow-username-in-url --styled-output --suppress-connect-headers --form-escape "
            "--expect100-timeout --create-file-mode --ntlm-wb --service-name --proxy-service-name --no-iri "
            "--local-encoding --remote-encoding --content-disposition-default-utf8",
            "leat has nothing of the kind", ""},
    Synonym{"--happy-eyeballs-timeout-ms", "an address that is silent is left for the next one already", ""},

    // Who asks.
    Synonym{"--proxy-password --proxy-passwd --all-proxy-user --all-proxy-passwd --http-proxy-user "
            "--http-proxy-passwd "
            "--https-proxy-user --https-proxy-passwd",
            "use -U USER:PASS", ""},
    Synonym{"--netrc-path", "use --netrc-file FILE", ""},
    Synonym{"--http-auth-challenge", "use --anyauth with -u", ""},
    Synonym{"--auth-type", "use --digest, --ntlm, --negotiate or --anyauth with -u, or --oauth2-bearer TOKEN",
            ""},
    Synonym{"--http-user --http-password --http-passwd --password --passwd --auth --username --user-pass",
            "use -u USER:PASS", ""},
    Synonym{"--ask-password --use-askpass", "use -u USER, which asks for the password", ""},
    Synonym{"--bearer --token --auth-token --access-token", "use --oauth2-bearer TOKEN", ""},
    Synonym{"--load-cookies --cookies --cookie-file", "use -b FILE", ""},
    Synonym{"--save-cookies", "use -c FILE", ""},
    Synonym{"--junk-session-cookies", "write a file without them; -b FILE takes all that are in it", ""},
    Synonym{"--hsts --https-only --proto-default --proto-redir --hsts-file", "use --proto =https", ""},

    // The way, and TLS.
    Synonym{"--socks --socks4 --socks4a --socks5 --socks5-* --preproxy --all-proxy --http-proxy "
            "--https-proxy --proxy1.0",
            "use -x URL, as in -x socks5://HOST:PORT", ""},
    Synonym{"--no-proxy", "use --noproxy '*'", ""},
    Synonym{"--proxy-method", "use -p", ""},
    Synonym{"--proxy-cacert --proxy-capath --proxy-cert --proxy-key --proxy-pass --proxy-cert-type "
            "--proxy-key-type "
            "--proxy-ciphers --proxy-crlfile --proxy-pinnedpubkey --proxy-ssl-* --proxy-tls*",
            "TLS to a proxy has --proxy-insecure and nothing else", ""},
    Synonym{"--dns-servers --dns-interface --dns-ipv4-addr --dns-ipv6-addr --doh-* --async-dns "
            "--async-dns-server "
            "--enable-async-dns6 --no-dns-cache",
            "names are looked up as the system says; --resolve H:P:ADDR gives one an address", ""},
    Synonym{"--bind-address --local-addr --source-address --multiple-interface", "use --interface NAME", ""},
    Synonym{"--inet4-only --prefer-ipv4 --disable-ipv6", "use -4", ""},
    Synonym{"--inet6-only --prefer-ipv6", "use -6", ""},
    Synonym{"--prefer-family", "use -4 or -6", ""},
    Synonym{"--abstract-unix-socket", "use --unix-socket FILE", ""},
    Synonym{"--no-keepalive --no-http-keep-alive --keepalive-time --tcp-nodelay --no-tcp-nodelay "
            "--tcp-fastopen --local-port --enable-http-keep-alive --enable-http-pipelining --no-sessionid",
            "connections are kept and used again, and there is no switch", ""},
    Synonym{"--http2-prior-knowledge --h2c --h2", "use --http2, which is by TLS", ""},
    Synonym{"--http3 --http3-only --h3", "leat speaks no HTTP/3; --http2 is the newest that it has", ""},
    Synonym{"--http1.0 --http0.9 --http1", "HTTP/1.1 is the oldest; use --http1.1", ""},
    Synonym{"--no-check-certificate --check-certificate --no-verify --no-verify-ssl --ignore-ssl "
            "--skip-verify --insecure-skip-tls-verify",
            "use -k to accept any certificate", ""},
    Synonym{"--ca-certificate --ca --ca-file --cafile --root-certs", "use --cacert FILE", ""},
    Synonym{"--ca-directory", "use --capath DIR", ""},
    Synonym{"--certificate --client-cert --client-certificate --cert-file", "use -E FILE", ""},
    Synonym{"--passphrase --key-pass", "use --pass PASS", ""},
    Synonym{"--private-key --key-file", "use --key FILE", ""},
    Synonym{"-1 -2 -3 --tlsv1 --tlsv1.0 --tlsv1.1 --sslv2 --sslv3 --secure-protocol --ssl --ssl-reqd "
            "--min-tls-version",
            "TLS 1.2 is the oldest; use --tlsv1.2 or --tlsv1.3", ""},
    Synonym{
        "--ciphers --tls13-ciphers --tls-ciphers --curves --tls-max --cert-type --key-type "
        "--certificate-type "
        "--private-key-type --crlfile --crl-file --cert-status --ssl-* --tlsauthtype --tlspassword --tlsuser "
        "--no-alpn --no-npn --false-start --engine --egd-file --random-file",
        "this is left to the TLS library, and there is no switch", ""},

    // Files.
    Synonym{"--dir --directory --outdir --out-dir --destination --dest --remote-name-all --download "
            "--remote-name -nd --no-directories",
            "use -O DIR", ""},
    Synonym{"--out --output-document --output-file --outfile --save --save-as --results", "use -o TEMPLATE",
            ""},
    Synonym{"-nH --force-directories --no-host-directories --cut-dirs --protocol-directories",
            "use -o TEMPLATE, as in -o 'out/{host}/{path}'", ""},
    Synonym{"-nc --no-clobber --skip-existing --ignore-existing", "use --on-exist skip", ""},
    Synonym{"--overwrite --allow-overwrite --force --clobber", "use --on-exist overwrite", ""},
    Synonym{"--auto-file-renaming --backups --rename", "use --on-exist rename", ""},
    Synonym{"--content-disposition", "use -J", ""},
    Synonym{"--timestamping --conditional-get --etag-save --etag-compare --newer --update",
            "use --if-changed, which keeps the ETag with the file", ""},
    Synonym{"--no-if-modified-since", "leave --if-changed out", ""},
    Synonym{"--no-use-server-timestamps", "use --no-remote-time", ""},
    Synonym{"--hash-check-only", "use --verify with --checksums FILE", ""},
    Synonym{"--checksum --check-integrity --realtime-chunk-checksum --sha256 --sha1 --md5 --verify-checksum",
            "use --checksums FILE to check, --hash LIST to print", ""},
    Synonym{"--on-download-complete --on-complete --hook --after --command", "use --exec CMD", ""},
    Synonym{"--on-download-*", "use --exec CMD for each that is ok, --failed FILE for a list of the others",
            ""},
    Synonym{"--replace", "each URL is a transfer of its own; --exec 'CMD {filename}' runs a command for each",
            ""},
    Synonym{"--always-resume --max-resume-failure-tries --remove-control-file --unlink",
            "with -o or -O, a file that is there in part is continued already; see --on-exist", ""},
    Synonym{"--remove-on-error --delete-after",
            "what is incomplete stays as NAME.part, to be continued; nothing is kept without -o or -O", ""},
    Synonym{"--file-allocation --no-file-allocation-limit --xattr --restrict-file-names --adjust-extension "
            "--preserve-permissions --force-save",
            "files are written as they come, and there is no switch", ""},
    Synonym{"--warc-* --no-warc-* --har --save-har", "use --record DIR", ""},

    // What is printed.
    Synonym{"-w --write-out", "use --format TEMPLATE, as in --format '{status} {url}'",
            "use --per-host-rate R"},
    Synonym{"--keep-order --ordered --in-order", "use --order input", ""},
    Synonym{"--sort --sort-by", "leat sorts nothing; sort(1) stands behind a pipe", ""},
    Synonym{"--jq --filter --where --select --extract",
            "jq stands behind a pipe; leat run has it inside: see leat help where", ""},
    Synonym{"--csv", "use --format csv", ""},
    Synonym{"--tsv", "use --format tsv", ""},
    Synonym{"--log --log-file --logfile --joblog --stderr --append-output",
            "results go to standard output, messages to standard error: 2>FILE keeps them", ""},
    Synonym{"--trace --trace-ascii --trace-time --libcurl --verbose-headers",
            "use -v, or --record DIR to keep each exchange", ""},
    Synonym{"-# --progress-bar --show-progress --bar --eta", "use --progress bar", ""},
    Synonym{"--no-progress --no-progress-meter --no-bar --show-console-readout --truncate-console-readout",
            "use --progress off", ""},
    Synonym{"--log-level --console-log-level --download-result --report-speed --human-readable",
            "use -q for less, -v for more, --format for other results", ""},
    Synonym{"-nv --no-verbose", "use -q", ""},
    Synonym{"--summary-interval", "use --progress plain", ""},
    Synonym{"--save-session --rejected-log --failed-file --errors", "use --failed FILE", ""},
    Synonym{"--resume-failed", "use --state FILE with --retry-failed", ""},
    Synonym{"--journal --checkpoint --session --db", "use --state FILE", ""},
    Synonym{"--dry-run --explain --simulate", "use --plan", ""},
    Synonym{"--colour --no-color --no-colour --enable-color",
            "use --color auto, always or never; only a terminal gets colours by itself", ""},

    // The rest.
    Synonym{"--variable --expand-*", "the shell has variables, and so has a spec of leat run", ""},
    Synonym{"--robots", "robots.txt is for crawls: see leat help crawl", ""},
    Synonym{"--sshlogin --sshloginfile",
            "processes of several machines share a list by Redis: see leat help redis", ""},
    Synonym{"--out-null --null-output", "bodies are not kept without -o or -O", ""},
    Synonym{"--ip-tos --vlan-priority --mptcp", "leat has nothing of the kind", ""},
    Synonym{"--raw-output --join-output", "use --format TEMPLATE, as in --format '{status} {url}'", ""},
    Synonym{
        "--compact-output --tab --indent --seq --ascii-output --sort-keys --exit-status --slurp --slurpfile "
        "--rawfile --arg --argjson --args --jsonargs --null-input --raw-input",
        "each result is one line of JSON; jq stands behind a pipe", ""},
    Synonym{"-K", "use --config FILE", ""},
    Synonym{"--conf-path", "use --config FILE", ""},
    Synonym{"--no-config --no-conf --disable", "use --config /dev/null", ""},
    Synonym{"-V --version", "leat --version prints it", ""},
    Synonym{"--manual", "man leat-get has it", ""},
    Synonym{"--uri-selector --reuse-uri --stream-piece-selector --server-stat-*", "use --race N, for mirrors",
            ""},
    Synonym{"--eof --exit --interactive --max-chars --open-tty --process-slot-var --show-limits --execute",
            "leat makes the requests itself, and starts no commands for them", ""},
    Synonym{
        "--disk-cache --enable-mmap --max-mmap-limit --socket-recv-buffer-size --event-poll --rlimit-nofile "
        "--optimize-concurrent-downloads --deferred-input --force-sequential --auto-save-interval --dscp "
        "--gid "
        "--allow-piece-length-change --keep-unfinished-download-result --max-download-result "
        "--save-not-found",
        "leat sees to that by itself, or has nothing of the kind", ""},
    Synonym{"--max-upload-limit --max-overall-upload-limit",
            "nothing bounds what is sent; --limit-rate SIZE bounds what is received", ""},
    Synonym{"--ftp-* --ftps-* --no-passive-ftp --follow-ftp --retr-symlinks --no-remove-listing --list-only "
            "--append "
            "--quote --use-ascii --crlf --telnet-option --mail-* --tftp-* --sasl-* --login-options --krb "
            "--ssh-* --hostpub* --pubkey --compressed-ssh --disable-eprt --disable-epsv",
            "leat fetches http:// and https:// only", ""},
};

constexpr std::array kValues{
    OddValue{"output-dir", OddValue::Is::url,
             "for names from URLs, in this directory: leat get -O . URL, or -o FILE URL for one name"},
    OddValue{"output-dir", OddValue::Is::nothing, "for this directory: -O ."},
    OddValue{"output", OddValue::Is::url, "for one file: -o FILE URL"},
    OddValue{"range", OddValue::Is::url, "leat get follows no links; leat run does: see leat help crawl"},
    OddValue{"form", OddValue::Is::nothing, "a list is read by -i FILE"},
    OddValue{"cookie-jar", OddValue::Is::url,
             "with -O DIR, a file that is there in part is continued, without an option"},
    OddValue{"cookie-jar", OddValue::Is::nothing,
             "with -O DIR, a file that is there in part is continued, without an option"},
    OddValue{"cookie-jar", OddValue::Is::number, "transfers at once are -j N"},
    OddValue{"input", OddValue::Is::url,
             "a URL stands by itself; --include headers prints the headers of answers"},
    OddValue{"proxy", OddValue::Is::number,
             "connections to one server are --per-host N, for one large file --segments N"},
    OddValue{"upload-file", OddValue::Is::number, "the time of a transfer is --timeout T"},
    OddValue{"silent", OddValue::Is::follows, "connections for one large file are --segments N"},
    OddValue{"insecure", OddValue::Is::follows, "the size of a segment is --min-segment SIZE"},
    OddValue{"quiet", OddValue::Is::follows, "requests a second are --rate N/s"},
};

constexpr OtherTools kHints{"get", kWords, kValues};

}  // namespace

const OtherTools& get_hints() noexcept { return kHints; }

}  // namespace leat::cli
