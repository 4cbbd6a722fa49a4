#include "cli/options/curl_hints.hpp"

#include <algorithm>
#include <array>

namespace leat::cli {

namespace {

struct Row {
  std::string_view short_name;
  std::string_view long_name;
  std::string_view hint;
};

constexpr std::array kRows{
    Row{"-L", "--location", "redirects are followed already; --max-redirects 0 follows none"},
    Row{"-S", "--show-error", "errors are shown already, -s or not"},
    Row{"-f", "--fail", "a status of 400 or more is a failure already"},
    Row{"", "--fail-with-body",
        "a status of 400 or more is a failure already; --include body shows the body"},
    Row{"-m", "--max-time", "use --timeout T"},
    Row{"-Z", "--parallel", "transfers run in parallel already"},
    Row{"", "--parallel-max", "use -j N"},
    Row{"", "--max-filesize", "use --max-size SIZE"},
    Row{"", "--max-redirs", "use --max-redirects N"},
    Row{"", "--retry-all-errors", "use --retry-on all"},
    Row{"", "--retry-connrefused", "--retry N tries again what may pass"},
    Row{"-w", "--write-out", "each result is a line of JSON; see jq"},
    Row{"", "--speed-time", "use --stall T"},
    Row{"-J", "--remote-header-name", "names come from URLs; use -o TEMPLATE"},
    Row{"", "--remote-name-all", "use -O DIR"},
    Row{"", "--create-dirs", "directories are made already"},
    Row{"-D", "--dump-header", "use --include headers"},
    Row{"-F", "--form", "forms with files are not made; send one with --data-binary @FILE and -H"},
    Row{"-G", "--get", "write the query into the URL"},
    Row{"", "--data-urlencode", "encode it yourself, for example with jq's @uri, and use -d"},
    Row{"", "--http2-prior-knowledge", "libcurl 7.88 fails at it; --http2 asks by TLS (ALPN)"},
    Row{"", "--hsts", "HSTS is off; write https:// in the list"},
    Row{"", "--anyauth", "-u authenticates by Basic; --oauth2-bearer sends a token"},
    Row{"", "--digest", "-u authenticates by Basic; --oauth2-bearer sends a token"},
    Row{"", "--basic", "-u authenticates by Basic already"},
    Row{"-K", "--config", "options are given on the command line"},
    Row{"-N", "--no-buffer", "results are printed as they come"},
};

}  // namespace

std::string_view curl_hint(std::string_view name) noexcept {
  const auto* const row = std::find_if(kRows.begin(), kRows.end(), [name](const Row& r) {
    return !name.empty() && (name == r.short_name || name == r.long_name);
  });
  return row == kRows.end() ? std::string_view() : row->hint;
}

}  // namespace leat::cli
