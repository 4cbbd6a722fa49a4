// What a word of another tool, a misspelt one, or one in the wrong place is answered with.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

TEST_CASE("hints: a word that leat does not know ends with 2, says what was meant, and starts nothing") {
  const TempDir dir;
  OriginProcess origin;
  const std::string url = origin.url("/never");
  const std::string list = dir / "urls.txt";
  write_file(list, url + "\n");
  struct Row {
    std::vector<std::string> words;
    std::string says;
  };
  for (const auto& [words, says] : std::vector<Row>{
           {{"get", "-P", "10", url},
            "leat get: -P: there is no such option; use -j 10; see leat get --help\n"},
           {{"get", "-O", url},
            "leat get: --output-dir: \"" + url +
                "\" given; takes DIR; for names from URLs, in this directory: " +
                "leat get -O . URL, or -o FILE URL for one name; see leat get --help\n"},
           {{"get", list},
            "leat get: \"" + list + "\" is no URL; for the list in that file use -i " + list +
                "; see leat get --help\n"},
           {{"get", "--tiemout", "3", url},
            "leat get: --tiemout: there is no such option; did you mean \"--timeout\"?; see leat get "
            "--help\n"},
           {{"get", "--banana", url}, "leat get: --banana: there is no such option; see leat get --help\n"},
           {{"bench", "--vus", "4", url},
            "leat bench: --vus: there is no such option; use -c 4; see leat bench --help\n"},
           {{"run", list},
            "leat run: \"" + list + "\" is a file; for a spec in it use -f " + list +
                ", for a list of URLs leat get -i " + list + "; see leat run --help\n"},
           {{"run", "urls " + url + " | sort"},
            "spec:1:" + std::to_string(url.size() + 9) +
                ": error: no stage \"sort\"; leat sorts nothing: sort(1) stands behind a pipe\n"},
           {{url},
            "leat: there is no command \"" + url + "\"; to fetch it: leat get " + url +
                "; see leat --help\n"},
           {{"-j", "3", url},
            "leat: there is no option \"-j\"; options stand behind a command, as in: leat get -j 64 URL; see "
            "leat "
            "--help\n"},
           {{"help", "filter"},
            "leat: there is no help on \"filter\"; use \"where\", as in: where (.status == 200); see leat "
            "--help\n"},
       }) {
    const auto run = run_leat(words);
    const std::string typed = words.size() > 1 ? words[0] + " " + words[1] : words[0];
    CAPTURE(typed);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(run.err.substr(0, says.size()) == says);
  }
  CHECK(origin.requests_of("/never") == 0);
}

TEST_CASE("hints: -h prints what most people need, --help all, wherever it stands on the command line") {
  for (const std::string command : {"get", "run", "bench", "work"}) {
    CAPTURE(command);
    const auto few = run_leat({command, "-q", "-h"});
    const auto all = run_leat({command, "-q", "--help"});
    CHECK(few.status == 0);
    CHECK(all.status == 0);
    CHECK(lines_of(few.out).size() <= 35);
    CHECK(lines_of(all.out).size() > lines_of(few.out).size());
    CHECK(run_leat({"help", command}).out == all.out);
  }
}

TEST_CASE("hints: leat help lists the commands and the stages") {
  const auto run = run_leat({"help"});
  CHECK(run.status == 0);
  CHECK(run.out.starts_with(run_leat({"--help"}).out));
  for (const std::string name : {"lines", "fetch", "where", "write"}) {
    CHECK(run.out.find("\n  " + name + " ") != std::string::npos);
  }
}
