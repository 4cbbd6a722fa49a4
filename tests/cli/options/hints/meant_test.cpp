#include "cli/options/hints/meant.hpp"

#include <string>

#include "tests/cli/options/hints/said.hpp"

using namespace leat::cli::hints_test;

namespace {

constexpr Row kOfSpecs[]{
    {"run urls.txt", "leat get -i urls.txt"},
    {"run job.leat", "-f job.leat"},
    {"run http://h/", "leat get URL"},
    {"run -j 8 lines", "fetch n=8"},
    {"run --retry 3 lines", "fetch retry=N"},
    {"run --proxy a lines", "fetch proxy=URL"},
    {"run -H a:b lines", "fetch header="},
    {"run -o out lines", "save "},
    {"run --on-exist skip lines", "save on-exist=HOW"},
    {"run --fields url lines", "write fields=LIST"},
    {"run -i urls.txt lines", "lines \"urls.txt\""},
    {"run --dry-run lines", "leat check SPEC"},
    {"run --arg a b", "--set NAME=VALUE"},
    {"run --argjson a 1", "--set NAME=VALUE"},
    {"run -s lines", "batch"},
    {"run --slurp lines", "batch"},
    {"run --dedupe lines", "leat help dedupe"},
    {"run --resume lines", "--state FILE"},
    {"run --check lines", "leat check SPEC"},
    {"check --state a lines", "leat run has it, leat check does not"},
    {"check --fmt lines", "--format"},
    {"check -j 8 lines", "fetch n=8"},
    {"spec lines | filter (.a)", "use \"where\""},
    {"spec lines | grep x", "use \"where\""},
    {"spec tsv a.tsv | write", "use \"csv\", as in: csv \"items.tsv\"; write tsv"},
    {"spec lines | map (.a)", "use \"each\""},
    {"spec lines | select (.a)", "use \"where\""},
    {"spec lines | jq (.a)", "use \"each\""},
    {"spec lines | head 3", "use \"limit\""},
    {"spec lines | take 3", "use \"limit\""},
    {"spec lines | tail 3", "tail(1)"},
    {"spec lines | wc", "use \"count\""},
    {"spec lines | uniq", "use \"dedupe\""},
    {"spec lines | distinct", "use \"dedupe\""},
    {"spec lines | sort", "sort(1) stands behind a pipe"},
    {"spec lines | order_by (.a)", "sort(1) stands behind a pipe"},
    {"spec lines | group_by (.a)", "count by="},
    {"spec lines | join x", "join(1)"},
    {"spec lines | sum", "jq -s"},
    {"spec lines | print", "use \"write\""},
    {"spec lines | echo", "use \"write\""},
    {"spec cat \"urls.txt\" | fetch", "use \"lines\""},
    {"spec read | fetch", "use \"lines\""},
    {"spec lines | download", "use \"save\""},
    {"spec lines | get", "use \"fetch\""},
    {"spec lines | curl", "use \"fetch\""},
    {"spec lines | xargs echo", "use \"exec\""},
    {"spec lines | sleep 1s", "use \"delay\""},
    {"spec lines | throttle 1/s", "use \"rate\""},
    {"spec lines | follow", "use \"crawl\""},
    {"spec lines | css a", "use \"extract\""},
    {"spec lines | drop 1", "use \"skip\""},
    {"spec lines | chunk 10", "use \"batch\""},
    {"spec lines | fetch concurrency=3", "it is \"n=\" here"},
    {"spec lines | fetch jobs=3", "it is \"n=\" here"},
    {"spec lines | fetch retries=3", "it is \"retry=\" here"},
    {"spec lines | fetch max-time=3", "it is \"timeout=\" here"},
    {"spec lines | fetch headers=\"a: b\"", "it is \"header=\" here"},
    {"spec lines | write file=a", "it is \"to=\" here"},
    {"spec lines | dedupe key=(.a)", "it is \"by=\" here"},
    {"spec lines | fecth", "did you mean \"fetch\"?"},
    {"spec lines | wehre (.a)", "did you mean \"where\"?"},
    {"spec lines | dedup", "use \"dedupe\""},
    {"spec lines | exract css=a", "did you mean \"extract\"?"},
};

constexpr Row kOfCommands[]{
    {"leat http://example.org/", "leat get http://example.org/"},
    {"leat example.org", "leat get example.org"},
    {"leat http://h/a?b&c", "leat get 'http://h/a?b&c'"},
    {"leat localhost:8080/a", "leat get localhost:8080/a"},
    {"leat urls.txt", "leat get -i urls.txt"},
    {"leat job.leat", "leat run -f job.leat"},
    {"leat lines | fetch", "leat run 'SPEC'"},
    {"leat download", "leat get URL"},
    {"leat curl", "leat get URL"},
    {"leat fetch", "leat get URL"},
    {"leat hey", "leat bench URL"},
    {"leat attack", "leat bench URL"},
    {"leat validate", "leat check SPEC"},
    {"leat version", "leat --version"},
    {"leat where", "leat help where"},
    {"leat gte", "did you mean \"get\"?"},
    {"leat becnh", "did you mean \"bench\"?"},
    {"leat chekc", "did you mean \"check\"?"},
    {"leat rnu", "did you mean \"run\"?"},
    {"help --retry", "leat get --help"},
    {"help -j", "leat get --help"},
    {"help duration", "leat bench --help"},
};

}  // namespace

TEST_CASE("hints: words of grep, jq and SQL in a spec say what leat has for them") { check_rows(kOfSpecs); }
TEST_CASE("hints: the hint for a word in the place of a command says which command was meant") {
  check_rows(kOfCommands);
}

TEST_CASE("hints: a command line that is right gets no hint") {
  for (const char* line :
       {"get http://h/", "get h", "get h:80/a", "get [::1]", "get example.org/a?b=|", "get -i urls.txt",
        "get -d -output http://h/", "get -o out/{name} http://h/", "get -O out http://h/",
        "get -x h:3128 http://h/", "get 127.0.0.1", "get http://h/ -- -timeout", "bench -d 30 http://h/",
        "bench -u me:1 http://h/", "bench -d x=30s http://h/", "bench h", "run lines", "run -f job.leat",
        "spec lines | where (.a)"}) {
    CAPTURE(line);
    CHECK(said(line) == "");
  }
}

TEST_CASE("hints: a word that means nothing gets no guess") {
  for (const char* word : {"--zzzzzzzz", "--banana", "--foobar", "--hello-world", "--xyz", "--x", "--potato",

                           "--cash", "--force-push", "--lucky", "--moon", "--quantum", "--w", "--abc=1",

                           "--hostname-of-nobody", "--trampoline", "--zip", "--pets", "--\x01"}) {
    for (const char* command : {"get ", "bench ", "run ", "check "}) {
      const auto message = said(std::string(command) + word);
      CAPTURE(message);
      CHECK(message.ends_with("there is no such option"));
    }
  }
  for (const char* word : {"banana", "xyz", "zz", "q", "hello", "bet", "rest", "wiggle", "pet", "go"}) {
    CAPTURE(word);
    CHECK(said(std::string("spec lines | ") + word).find("did you mean") == std::string::npos);
    CHECK(said(std::string("leat ") + word) == "");
    CHECK(said(std::string("help ") + word) == "");
  }
}
