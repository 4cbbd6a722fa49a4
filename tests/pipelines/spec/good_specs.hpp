#pragma once

#include <array>
#include <string_view>

namespace leat::pipelines::spec_test {

/// Specs without an error, for the stages of stages_fixture.hpp. They need `--set cap=5`, and N=7 and TOKEN
/// in the environment.
inline constexpr std::array<std::string_view, 26> kGoodSpecs{
    "lines",
    "lines|fetch|write json",
    "lines \"urls.txt\" | fetch n=64 retry=3 | save \"out/{host}/{name}\" | write json",
    R"(lines                                        # standard input; or lines "urls.txt"
| fetch n=50 retry=3 on-error={ write json to="failed.jsonl" }
| where (.status == 200)
| each (.json.items[].url)                   # jq: no, one or many outputs; each becomes a record
| fetch
| save "out/{host}/{name}"
| write json
)",
    "urls http://h/?a=1 http://h/x=1 http://h/{a,b}/[1-3] https://h:80/a?b={c}&d#e | fetch | null",
    "let cap = 50; let out = \"out/{host}\"; lines | fetch n=$cap | save $out",
    "let token = secret:TOKEN; lines | fetch user=$token header=\"A: b\" header=\"C: d\" n=env:N",
    "lines | fetch n=$cap stall=250ms rate=50/s fail=4xx,5xx,404,500-504 body-limit=16MiB insecure=true",
    "lines | where (.a == \"x) | (\" and .b != \"\\(.c | \")\" )\") | write csv fields=a,b",
    "lines | where (.a # a comment with ) and \" in it\n  and .b) | write \"{url}\\n\"",
    "lines | each (\n  .items[]\n  | .url\n)",
    "lines | where(.a) | tee{null}",
    "lines | crawl scope=site next={ extract css=\"a[href]\" | each (.meta.links[]) } n=8 | write json",
    "lines | paginate next=link | paginate next=(.next)",
    "lines | set meta.a=(.b) meta.userId=(.c) x=(1)",
    "lines | tee { where (.a) | fetch on-error={ write tsv to=x.tsv } | save x{name} } | limit 5",
    "lines | tee { let n = 3; fetch n=$n | limit $n } | limit 100k",
    "lines | exec echo \"a=b\" \"{url}\" plain stdin=(.body) | sample 10% | delay 1.5s timeout=1h n=3",
    "lines | extract regex=\"(?P<a>\\\\d+)\\t\\\"\\u00e9\\ud83d\\ude00\" as=meta.x",
    "# what this does\n# and why\nlet a = 1;  # one\n\n# about lines\nlines # behind\n# about fetch\n| fetch "
    "# end\n",
    "lines\r\n| fetch n=3\r\n| write json\r\n",
    "\xEF\xBB\xBFlines | fetch",
    "queue | fetch | queue",
    "lines | fetch on-error={ # why\n null } # so\n| tee {\n# only here\nnull\n# at the end\n} | null # last",
    "lines | fetch user=\"a rather long text that goes on, and on, and on\" header=\"X-Long: it goes on and "
    "on\" n=5",
    "lines größe.txt | where (.größe == \"süß\") | write \"{url} — {host}\"",
};

}  // namespace leat::pipelines::spec_test
