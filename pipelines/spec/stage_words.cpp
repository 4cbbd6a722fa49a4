#include "pipelines/spec/stage_words.hpp"

#include <algorithm>
#include <array>

#include "engine/text/ascii.hpp"

namespace leat::pipelines {

namespace {

struct StageWords {
  std::string_view words;    // with blanks between them
  std::string_view stage;    // what they are called here; empty if there is no such stage
  std::string_view example;  // a spec that uses the stage; if there is none, what to do instead
};

constexpr std::array kStageWords{
    StageWords{"filter grep keep when reject having find search match if unless exclude remove", "where",
               "where (.status == 200)"},
    StageWords{"select", "where", "where (.status == 200); write csv fields=url,status prints columns"},
    StageWords{"map flat_map flatmap transform foreach for project jq explode unnest then pluck", "each",
               "each (.json.items[].url)"},
    StageWords{"head take first top", "limit", "limit 10"},
    StageWords{"offset drop", "skip", "skip 10"},
    StageWords{"wc length size tally len total", "count", "count by=(.status)"},
    StageWords{"group group_by groupby group-by histogram", "count",
               "count by=(.status); for more than counts, jq -s stands behind a pipe"},
    StageWords{"uniq unique distinct unique_by uniq_by dedup deduplicate", "dedupe", "dedupe by=(.url)"},
    StageWords{"sort sort_by sortby order order_by orderby order-by reverse tac rank", "",
               "leat sorts nothing: sort(1) stands behind a pipe"},
    StageWords{"tail last", "", "the end of a list is known when all of it is: tail(1) stands behind a pipe"},
    StageWords{"sum min max avg average mean median add_up reduce aggregate fold inject", "",
               "leat adds nothing up: jq -s stands behind a pipe"},
    StageWords{"join merge union zip lookup cross", "",
               "leat joins no lists: join(1) and cat(1) stand before a pipe"},
    StageWords{"print echo output emit show stdout display log puts printf dump format render return",
               "write", "write json"},
    StageWords{"to_csv tocsv to-csv table", "write", "write csv fields=url,status"},
    StageWords{"tsv", "csv", "csv \"items.tsv\"; write tsv fields=url,status prints such a table"},
    StageWords{"cat read open input file stdin load source from readlines textfile list", "lines",
               "lines \"urls.txt\""},
    StageWords{"ndjson jsonl jsonlines fromjson", "json", "json \"items.json\""},
    StageWords{"url uri", "urls", "urls https://example.org/"},
    StageWords{"get GET curl wget request http https visit goto fetch_all load_url", "fetch", "fetch n=8"},
    StageWords{"post POST put PUT patch delete", "fetch", "fetch method=POST body=(.meta)"},
    StageWords{"download dl", "save", "fetch | save \"out/{host}/{name}\""},
    StageWords{"store write_file to_file tofile", "save", "save \"out/{host}/{name}\""},
    StageWords{"parse css xpath html scrape pup htmlq links hrefs regex regexp selector xml", "extract",
               "extract css=\"a[href]\" attr=href as=meta.links"},
    StageWords{"sleep wait pause", "delay", "delay 1s"},
    StageWords{"throttle ratelimit rate-limit rate_limit qps rps pace", "rate", "rate 10/s"},
    StageWords{"buffer chunk chunks window bulk slurp collect", "batch", "batch n=100"},
    StageWords{"spider recurse recursive mirror follow walk", "crawl",
               "crawl next={ extract css=\"a[href]\" attr=href as=meta.links | each (.meta.links[]) }"},
    StageWords{"pages next page pagination", "paginate", "paginate next=(.json.next)"},
    StageWords{"sh bash shell system command cmd run pipe subprocess spawn execute xargs parallel", "exec",
               "exec wc -c stdin=(.body) n=8"},
    StageWords{"awk sed cut tr perl python", "exec", "exec sed s/a/b/ stdin=(.body)"},
    StageWords{"sha256 sha1 md5 sha512 checksum digest sha256sum md5sum", "hash", "hash sha256"},
    StageWords{"random rand shuffle shuf", "sample", "sample 10%"},
    StageWords{"discard devnull nothing ignore noop void", "null", "null"},
    StageWords{"split fork branch duplicate copy broadcast", "tee", "tee { write csv to=\"all.csv\" }"},
    StageWords{"assign update with mutate rename define header headers", "set", "set meta.k=(.status)"},
    StageWords{"in-order in_order inorder sequence keep-order keep_order", "ordered", "fetch | ordered"},
    StageWords{"range seq generate glob brace", "expand", "expand \"https://example.org/[1-10]\""},
    StageWords{"retry retries timeout user cookie proxy", "fetch", "fetch retry=3 timeout=30s"},
    StageWords{"catch rescue try except on_error on-error onerror", "fetch",
               "fetch on-error={ write json to=\"failed.jsonl\" }"},
};

struct KeyWords {
  std::string_view words;
  std::string_view key;  // what they are called here, if the stage has such a key
};

constexpr std::array kKeyWords{
    KeyWords{"jobs concurrency concurrent parallel parallelism workers connections j c P", "n"},
    KeyWords{"retries tries attempts max-tries max-retries", "retry"},
    KeyWords{"max-time time-limit deadline m", "timeout"},
    KeyWords{"headers H", "header"},
    KeyWords{"ua agent useragent A", "user-agent"},
    KeyWords{"verb request X", "method"},
    KeyWords{"data d payload post", "body"},
    KeyWords{"max-redirs max-redirect redirects follow", "max-redirects"},
    KeyWords{"auth u basic", "user"},
    KeyWords{"token oauth2-bearer", "bearer"},
    KeyWords{"cookies b", "cookie"},
    KeyWords{"rps qps", "rate"},
    KeyWords{"k verify no-verify", "insecure"},
    KeyWords{"gzip", "compressed"},
    KeyWords{"max-filesize max-body", "max-size"},
    KeyWords{"speed bandwidth bwlimit", "limit-rate"},
    KeyWords{"ca ca-file cafile", "cacert"},
    KeyWords{"file path output out o", "to"},
    KeyWords{"select cols", "fields"},
    KeyWords{"key on field", "by"},
    KeyWords{"selector query", "css"},
    KeyWords{"pattern re regexp", "regex"},
    KeyWords{"into name", "as"},
    KeyWords{"attribute", "attr"},
    KeyWords{"max-depth level levels", "depth"},
    KeyWords{"domain domains", "scope"},
    KeyWords{"links", "next"},
    KeyWords{"size count", "n"},
    KeyWords{"input", "stdin"},
};

bool has(std::string_view words, std::string_view word) {
  for (const auto one : text::split(words, ' ')) {
    if (one == word) return true;
  }
  return false;
}

bool is_among(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string hint_for_stage(std::string_view word, std::span<const std::string_view> names) {
  for (const auto& [words, stage, example] : kStageWords) {
    if (!has(words, word)) continue;
    if (stage.empty()) return "; " + std::string(example);
    if (!is_among(stage, names)) return {};
    return "; use \"" + std::string(stage) + "\", as in: " + std::string(example);
  }
  return {};
}

std::string hint_for_key(std::string_view word, std::span<const std::string_view> keys) {
  for (const auto& [words, key] : kKeyWords) {
    if (has(words, word) && is_among(key, keys)) return "; it is \"" + std::string(key) + "=\" here";
  }
  return {};
}

}  // namespace leat::pipelines
