#include <doctest/doctest.h>
#include <stdlib.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

using Words = std::vector<std::string>;

/// It ends with 2, says this on standard error, and has printed nothing.
void check_refused(const Words& words, const std::string& says, const std::string& input = "") {
  const auto run = run_leat(words, input);
  CAPTURE(words);
  CHECK(run.status == 2);
  CHECK(run.out.empty());
  CHECK(run.err == says);
}

std::string formatted(const std::string& spec) {
  const auto run = run_leat({"check", "--format", spec});
  CHECK(run.status == 0);
  return run.out;
}

}  // namespace

TEST_CASE("run: an error says what is wrong with an option, and what would be right") {
  const std::string end = "; see leat run --help\n";
  const std::string time =
      " given; takes a time such as 30s, 250ms, 2m or 1h; a plain number is seconds" + end;
  check_refused({"run"}, "leat run: no spec given; takes one, such as 'lines | fetch', or -f FILE" + end);
  check_refused({"run", "lines", "fetch"},
                "leat run: 2 arguments given; takes one spec: is it quoted? as in 'lines | fetch'" + end);
  check_refused({"run", "-f", "x", "lines"},
                "leat run: a spec is given as an argument and by --file; takes one of them" + end);
  check_refused({"run", "-f", "/none.leat"},
                "leat run: --file: \"/none.leat\": No such file or directory" + end);
  check_refused({"run", "--bogus", "lines"}, "leat run: --bogus: there is no such option" + end);
  check_refused({"run", "--set", "x", "lines"}, "leat run: --set: \"x\" given; takes NAME=VALUE" + end);
  check_refused({"run", "--set", "=x", "lines"}, "leat run: --set: \"=x\" given; takes NAME=VALUE" + end);
  check_refused({"run", "--expr-timeout", "q", "lines"}, "leat run: --expr-timeout: \"q\"" + time);
  check_refused({"run", "--grace", "q", "lines"}, "leat run: --grace: \"q\"" + time);
  check_refused({"run", "--progress", "q", "lines"},
                "leat run: --progress: \"q\" given; takes auto, bar, plain, json, off" + end);
  check_refused({"run", "--slow-callback", "1s", "lines"},
                "leat run: --slow-callback: given without --debug, which it belongs to" + end);
  check_refused(
      {"check", "--grace", "1s", "lines"},
      "leat check: --grace: there is no such option; leat run has it, leat check does not; see leat check "
      "--help\n");
}

TEST_CASE("run: a wrong spec is shown with its place, and nothing is run") {
  const TempDir dir;
  const std::string spec = "lines | fecth | write to=\"" + dir / "out" + "\"";
  const std::string fault =
      ":1:9: error: no stage \"fecth\"; did you mean \"fetch\"?\n" + spec + "\n        ^\n";
  check_refused({"run", spec}, "spec" + fault, "http://127.0.0.1:9/\n");
  check_refused({"check", spec}, "spec" + fault);
  write_file(dir / "wrong.leat", spec);
  check_refused({"run", "-f", dir / "wrong.leat"}, dir / "wrong.leat" + fault);
  check_refused({"check", "-f", "-"}, "standard input" + fault, spec);
  CHECK(dir.names() == std::set<std::string>{"wrong.leat"});
}

TEST_CASE("run: a variable that the spec does not have can't be set") {
  check_refused({"run", "--set", "x=1", "lines | null"},
                "--set:1:1: error: the spec has no let \"x\"; one is made by let x = …;\nx=1\n^\n");
}

TEST_CASE(
    "run: --set counts more than let, and the last one of a name counts, also in programs and for secrets") {
  const std::string spec = "let n = 1; let p = (.line > 0); lines | where $p | limit $n | write \"{url}\"";
  const std::string input = "http://a/\nhttp://b/\nhttp://c/\n";
  CHECK(run_leat({"run", "-q", spec}, input).out == "http://a/\n");
  CHECK(run_leat({"run", "-q", "--set", "n=2", spec}, input).out == "http://a/\nhttp://b/\n");
  CHECK(run_leat({"run", "-q", "--set", "p=(.line == 3)", spec}, input).out == "http://c/\n");
}

TEST_CASE("run: the spec is an argument, a file, or standard input") {
  const TempDir dir;
  const std::string spec = "urls http://a/ http://b/ | write \"{url}\"\n";
  write_file(dir / "spec.leat", spec);
  for (const auto& run : {run_leat({"run", "-q", spec}), run_leat({"run", "-q", "-f", dir / "spec.leat"}),
                          run_leat({"run", "-q", "--file=-"}, spec)}) {
    CHECK(run.status == 0);
    CHECK(run.out == "http://a/\nhttp://b/\n");
    CHECK(run.err.empty());
  }
}

TEST_CASE("run: a failure in crawl or paginate belongs to them, and goes into their on-error block") {
  for (const std::string stage : {"crawl next={ each (.json) }", "paginate next=link"}) {
    const auto run = run_leat({"run", "-q",
                               "urls http://127.0.0.1:1/ | " + stage +
                                   " retry=0 on-error={ write \"{error.stage} {error.code}\" } | null"});
    CHECK(run.status == 1);
    CHECK(run.out == stage.substr(0, stage.find(' ')) + " connect_refused\n");
  }
}

TEST_CASE("check: the plan shows stages, caps, blocks and tasks, and no secret") {
  ::setenv("LEAT_TEST_SECRET", "hunter2", 1);
  const auto run = run_leat({"check",
                             "lines | fetch n=7 per-host=2 user=secret:LEAT_TEST_SECRET on-error={ null } | "
                             "where (.status == 200) | limit 3"});
  ::unsetenv("LEAT_TEST_SECRET");
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  for (const std::string part :
       {"| fetch n=7 per-host=2 user=(secret) on-error={…}\n", "7 at once; 2 to one host", "    on-error={\n",
        "| where (.status == 200)\n    # a record at a time; needs status\n", "    # source of records\n",
        "| limit 3\n", "\nTasks, the last first", "  where+limit\n"}) {
    CAPTURE(part);
    CAPTURE(run.out);
    CHECK(run.out.find(part) != std::string::npos);
  }
  CHECK(run.out.find("hunter2") == std::string::npos);
}

TEST_CASE("check: the canonical form is a fixed point") {
  CHECK(formatted("lines|fetch   n=3") == "lines | fetch n=3\n");
  for (const std::string spec :
       {"let a=1;lines|limit $a", "lines | tee {where (.x|not)|null}|write \"{url}\"",
        "# c\nlines # d\n|null"}) {
    const auto once = formatted(spec);
    CHECK(formatted(once) == once);
  }
  check_refused({"check", "--format", "lines |"}, run_leat({"check", "lines |"}).err);
}

TEST_CASE("help: commands and stages have a page, and a near miss is told the right name") {
  for (const auto& [topic, starts] : {std::pair<std::string, std::string>{"run", "Usage: leat run"},
                                      {"check", "Usage: leat check"},
                                      {"get", "Usage: leat get"},
                                      {"fetch", "fetch: sends"},
                                      {"crawl", "crawl: fetches a page"}}) {
    const auto help = run_leat({"help", topic});
    CHECK(help.status == 0);
    CHECK(help.out.starts_with(starts));
  }
  check_refused({"help", "fecth"},
                "leat: there is no help on \"fecth\"; did you mean \"fetch\"?; see leat --help\n");
  check_refused({"help", "nosuch"}, "leat: there is no help on \"nosuch\"; see leat --help\n");
}
