#include "cli/get/config.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "cli/terminal/version.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/stage_row.hpp"
#include "pipelines/stages/flow/ordered.hpp"
#include "pipelines/stages/sink/null.hpp"
#include "pipelines/stages/sink/save.hpp"
#include "pipelines/stages/sink/write.hpp"
#include "pipelines/stages/source/aria2.hpp"
#include "pipelines/stages/source/csv.hpp"
#include "pipelines/stages/source/json.hpp"
#include "pipelines/stages/source/lines.hpp"
#include "pipelines/stages/source/urls.hpp"
#include "tests/cli/fake_system.hpp"

using namespace leat;
using namespace leat::cli;
using namespace std::chrono_literals;

namespace {

using Words = std::initializer_list<std::string_view>;

/// What a configuration's plan says, stage by stage.
struct Read {
  pipelines::StageArgs source = pipelines::NullArgs();
  pipelines::FetchArgs fetch;
  std::optional<pipelines::SaveArgs> save;
  std::optional<pipelines::OrderedArgs> ordered;
  pipelines::WriteArgs write;
  SessionConfig session;
  pipelines::Plan plan;
};

template <class Args, class Target>
void take(const pipelines::Plan& plan, Target& target) {
  for (const auto& stage : plan.stages) {
    if (const auto* args = stage.args.get_if<Args>()) target = *args;
  }
}

Result<GetConfig> read(Words arguments, System& system) {
  auto given = parse_options(pipelines::kGet, std::vector<std::string_view>(arguments));
  if (!given) return std::move(given.error());
  return read_get_config(given.value(), system);
}

Read config_of(Words arguments, FakeSystem system = {}) {
  auto config = read(arguments, system);
  REQUIRE_MESSAGE(config.ok(), config.error().message);
  Read all;
  all.plan = config->plan;
  all.session = config->session;
  all.source = all.plan.stages.at(0).args;
  // Where no stage says it, a line may still name a file of its own.
  if (all.source.get_if<pipelines::UrlsArgs>() == nullptr) all.save.emplace();
  take<pipelines::FetchArgs>(all.plan, all.fetch);
  take<pipelines::SaveArgs>(all.plan, all.save);
  take<pipelines::OrderedArgs>(all.plan, all.ordered);
  take<pipelines::WriteArgs>(all.plan, all.write);
  return all;
}

std::string error_of(Words arguments, FakeSystem system = {}) {
  const auto config = read(arguments, system);
  REQUIRE_FALSE(config.ok());
  return config.error().message;
}

}  // namespace

TEST_CASE("get config: without options everything has its default") {
  const auto config = config_of({});
  CHECK(config.source.get_if<pipelines::LinesArgs>()->path == "-");
  CHECK(config.fetch.n == 32);
  CHECK(config.fetch.client.jobs == 32);
  CHECK(config.fetch.threads == 1);
  CHECK(config.fetch.retry == 3);
  CHECK(config.fetch.retry_max_time == async::Duration(10min));
  CHECK(config.fetch.fail.contains(400));
  CHECK(config.fetch.client.timeout == async::Duration(0));
  CHECK(config.fetch.client.connect_timeout == async::Duration(10s));
  CHECK(config.fetch.client.stall == async::Duration(30s));
  CHECK(config.fetch.client.max_redirects == 10);
  CHECK(config.fetch.client.user_agent == "leat/" + std::string(leat_version()));
  CHECK(config.session.grace == async::Duration(10s));
  CHECK(config.save.value().file_template.empty());
  CHECK_FALSE(config.ordered.has_value());
}

TEST_CASE("get config: every limit reaches its place") {
  const auto config = config_of({"-j64", "--timeout=2m", "--connect-timeout=250ms", "--stall=5", "--retry=7",
                                 "--retry-max-time=1h", "--max-redirects=0", "--max-size=16MiB", "--grace=1s",
                                 "-k", "--location-trusted", "-A", "me/1", "--threads=64",
                                 "--retry-on=404,truncated", "--host-down=2m"});
  CHECK(config.fetch.n == 64);
  CHECK(config.fetch.client.jobs == 64);
  CHECK(config.fetch.threads == 64);
  CHECK(config.fetch.client.timeout == async::Duration(2min));
  CHECK(config.fetch.client.connect_timeout == async::Duration(250ms));
  CHECK(config.fetch.client.stall == async::Duration(5s));
  CHECK(config.fetch.retry == 7);
  CHECK(config.fetch.retry_max_time == async::Duration(1h));
  CHECK(config.fetch.retry_on == "404,truncated");
  CHECK(config.fetch.host_down == async::Duration(2min));
  CHECK(config.fetch.client.max_redirects == 0);
  CHECK(config.fetch.client.max_size == 16u << 20);
  CHECK(config.session.grace == async::Duration(1s));
  CHECK(config.fetch.client.insecure);
  CHECK(config.fetch.client.location_trusted);
  CHECK(config.fetch.client.user_agent == "me/1");
}

TEST_CASE("get config: counts take thousands, and times several units") {
  CHECK(config_of({"-j1k"}).fetch.n == 1000);
  CHECK(config_of({"--retry-max-time=1m30s"}).fetch.retry_max_time == async::Duration(90s));
}

TEST_CASE("get config: no limit on the time of retries gives no limit in the plan, as in a spec") {
  CHECK(config_of({"--retry-max-time=0"}).fetch.retry_max_time == async::Duration(0));
}

TEST_CASE("get config: URLs, a file or standard input are the source, and only one of them") {
  FakeSystem system;
  system.files["urls.txt"] = "";
  system.directories = {"dir"};
  CHECK(config_of({"a", "b"}).source.get_if<pipelines::UrlsArgs>()->urls ==
        std::vector<std::string>{"a", "b"});
  CHECK(config_of({"-i", "urls.txt"}, system).source.get_if<pipelines::LinesArgs>()->path == "urls.txt");
  CHECK(config_of({"-i", "-"}).source.get_if<pipelines::LinesArgs>()->path == "-");
  CHECK(error_of({"a", "-i", "urls.txt"}, system) ==
        "--input: given together with URLs; give one or the other");
  CHECK(error_of({"-i", "urls.txt", "-i", "-"}, system) ==
        "--input: given 2 times, takes one FILE; for several use: cat FILE... | leat get");
  CHECK(error_of({"-i", "no\nne"}, system) ==
        "--input: \"no\\nne\": No such file or directory; takes a file, or - for standard input");
  CHECK(error_of({"-i", "dir"}, system) ==
        "--input: \"dir\": Is a directory; takes a file, or - for standard input");
}

TEST_CASE(
    "get config: a list's name tells whether it is a table, also if it is compressed, but --input-format "
    "counts more") {
  FakeSystem system;
  for (const char* name : {"a.csv", "a.csv.gz", "a.tsv.zst", "a.jsonl.gz", "a.json.gz", "csv"})
    system.files[name] = "";
  CHECK(config_of({"-i", "a.csv"}, system).source.get_if<pipelines::CsvArgs>()->delimiter ==
        text::CsvReader::kFromFirstRow);
  CHECK(config_of({"-i", "a.csv.gz"}, system).source.get_if<pipelines::CsvArgs>()->columns == "url=url");
  CHECK(config_of({"-i", "a.tsv.zst"}, system).source.get_if<pipelines::CsvArgs>()->delimiter == '\t');
  CHECK((config_of({"-i", "a.jsonl.gz"}, system).source.get_if<pipelines::LinesArgs>() != nullptr));
  CHECK(config_of({"-i", "a.json.gz"}, system).source.get_if<pipelines::JsonArgs>()->path == "a.json.gz");
  CHECK((config_of({"-i", "csv"}, system).source.get_if<pipelines::LinesArgs>() != nullptr));
  CHECK(
      (config_of({"-i", "a.csv", "--input-format", "lines"}, system).source.get_if<pipelines::LinesArgs>() !=
       nullptr));
  CHECK(config_of({"--input-format", "tsv"}).source.get_if<pipelines::CsvArgs>()->path == "-");
  CHECK(config_of({"--input-format", "json"}).source.get_if<pipelines::JsonArgs>()->path == "-");
  CHECK(config_of({"--input-format", "json"}).source.get_if<pipelines::JsonArgs>()->request);
  CHECK(config_of({"--input-format", "aria2"}).source.get_if<pipelines::Aria2Args>()->path == "-");
  CHECK(config_of({"--input-format", "aria2"}).save.has_value());
}

TEST_CASE("get config: --columns is only for a table, and the URL always has a column") {
  CHECK(config_of({"--input-format", "csv", "--columns", "output=name"})
            .source.get_if<pipelines::CsvArgs>()
            ->columns == "output=name,url=url");
  CHECK(config_of({"--input-format", "csv", "--columns", "url=link"})
            .source.get_if<pipelines::CsvArgs>()
            ->columns == "url=link");
  CHECK(error_of({"--columns", "url=link"}).starts_with("--columns: given for a list that is no table;"));
  CHECK(error_of({"http://h/", "--columns", "url=link"}).starts_with("--columns: given together with URLs;"));
  CHECK(error_of({"http://h/", "--input-format", "csv"})
            .starts_with("--input-format: given together with URLs;"));
  CHECK(error_of({"--input-format", "cvs"}).find("did you mean \"csv\"?") != std::string::npos);
  CHECK(error_of({"--input-format", "csv", "--columns", "ulr=link"}).find("did you mean \"url\"?") !=
        std::string::npos);
  CHECK(error_of({"--input-format", "csv", "--columns", ""}).starts_with("--columns: \"\" given; takes"));
}

TEST_CASE("get config: a terminal is read as a list only if -i - says so") {
  FakeSystem system;
  system.terminals = {STDIN_FILENO};
  CHECK(error_of({}, system) == "nothing to fetch; give URLs, -i FILE, or a list on standard input");
  CHECK(config_of({"-i-"}, system).source.get_if<pipelines::LinesArgs>()->path == "-");
}

TEST_CASE("get config: standard input may be used only once") {
  FakeSystem system;
  system.files["-"] = "x";
  CHECK(error_of({"-d", "@-"}, system) ==
        "--data: @- reads standard input, and so does the list of URLs; give URLs or -i FILE");
  CHECK(error_of({"-H", "@-", "-i", "-"}, system).starts_with("--header: @- reads"));
  CHECK(error_of({"--data-binary", "@-"}, system).starts_with("--data-binary: @- reads"));
  CHECK(config_of({"--data-raw", "@-"}, system).fetch.body == "@-");
  CHECK(config_of({"-d", "@-", "http://h/"}, system).fetch.body == "x");
}

TEST_CASE("get config: an error names a number out of its range, with what was given and what is accepted") {
  CHECK(error_of({"-j", "0"}) == "--jobs: \"0\" given; takes a number from 1 to 65535");
  CHECK(error_of({"--jobs=many"}) == "--jobs: \"many\" given; takes a number from 1 to 65535");
  CHECK(error_of({"--jobs="}) == "--jobs: \"\" given; takes a number from 1 to 65535");
  CHECK(error_of({"-j65536"}) == "--jobs: \"65536\" given; takes a number from 1 to 65535");
  CHECK(error_of({"--threads=0"}) == "--threads: \"0\" given; takes a number from 1 to 64");
  CHECK(error_of({"--threads=65"}) == "--threads: \"65\" given; takes a number from 1 to 64");
  CHECK(error_of({"--retry=-1"}) == "--retry: \"-1\" given; takes a number from 0 to 10000");
  CHECK(error_of({"--max-redirects=1001"}) ==
        "--max-redirects: \"1001\" given; takes a number from 0 to 1000");
}

TEST_CASE("get config: an error names a malformed time or size, with what is accepted") {
  const std::string time = " given; takes a time such as 30s, 250ms, 2m or 1h; a plain number is seconds";
  CHECK(error_of({"--timeout=5x"}) == "--timeout: \"5x\"" + time);
  CHECK(error_of({"--connect-timeout", "-1"}) == "--connect-timeout: \"-1\"" + time);
  CHECK(error_of({"--stall=soon"}) == "--stall: \"soon\"" + time);
  CHECK(error_of({"--retry-max-time=1m30"}) == "--retry-max-time: \"1m30\"" + time);
  CHECK(error_of({"--grace=\x1b[m"}) == "--grace: \"\\x1b[m\"" + time);
  CHECK(error_of({"--max-size=10 MB"}) ==
        "--max-size: \"10 MB\" given; takes a size such as 10MB (powers of 1000), 16MiB or 4k (powers of "
        "1024)");
}

TEST_CASE("get config: an error names a failure that no attempt can change, with what --retry-on accepts") {
  CHECK(error_of({"--retry-on=404,disk_full"}) ==
        "--retry-on: \"disk_full\" is no failure that another attempt may change; takes statuses (404), "
        "classes of "
        "them (4xx), error codes (truncated, bad_response, …) and all");
  CHECK(error_of({"--host-down=soon"}).starts_with("--host-down: \"soon\" given; takes a time"));
}

TEST_CASE("get config: an error names a word that is none of the choices, with the nearest one") {
  CHECK(error_of({"--order=imput"}) ==
        "--order: \"imput\" given; takes completion, input; did you mean \"input\"?");
  CHECK(error_of({"--format=xml"}) ==
        "--format: \"xml\" given; takes auto, text, json, csv, tsv, or a template such as '{status} {url}'");
  CHECK(error_of({"--on-exist=resumes"}) ==
        "--on-exist: \"resumes\" given; takes resume, skip, overwrite, rename, fail; did you mean "
        "\"resume\"?");
  CHECK(error_of({"--progress=jsn"}) ==
        "--progress: \"jsn\" given; takes auto, bar, plain, json, off; did you mean \"json\"?");
  CHECK(error_of({"--include=body,head"}) ==
        "--include: \"body,head\" given; takes body, headers and json, with commas between them");
  CHECK(error_of({"--include="}) ==
        "--include: \"\" given; takes body, headers and json, with commas between them");
}

TEST_CASE("get config: --include says what a result includes") {
  CHECK(config_of({"--include=body"}).write.include == std::vector<std::string>{"body"});
  const auto both = config_of({"--include=headers,body"});
  CHECK(both.write.include.size() == 2);
}

TEST_CASE("get config: -o is a template, or a directory if that exists or a slash ends it") {
  FakeSystem system;
  system.directories = {"down{load", "out/"};
  const auto save = [&](Words arguments) { return config_of(arguments, system).save.value().file_template; };
  CHECK(save({"-o", "out/{host}/{name}"}) == "out/{host}/{name}");
  CHECK(save({"-o", "out/{host}/"}) == "out/{host}/{name}");
  CHECK(save({"-o", "new/"}) == "new/{name}");
  CHECK(save({"-o", "out/"}) == "out/{name}");
  CHECK(save({"-o", "down{load"}) == "down{{load/{name}");
  CHECK(save({"-O", "a}b"}) == "a}}b/{name}");
  CHECK(save({"-O", "/"}) == "/{name}");
  CHECK(config_of({"-O", "d", "--on-exist=rename"}).save.value().on_exist == pipelines::OnExist::rename);
  CHECK(config_of({"-O", "d"}).save.value().on_exist == pipelines::OnExist::resume);
}

TEST_CASE("get config: -o names files below -O") {
  const auto save = [](Words arguments) {
    return config_of(std::move(arguments)).save.value().file_template;
  };
  CHECK(save({"-O", "out", "-o", "{host}/{name}"}) == "out/{host}/{name}");
  CHECK(save({"-o", "{line}.txt", "-O", "a{b/"}) == "a{{b/{line}.txt");
  CHECK(save({"-O", "out", "-o", "{host}/"}) == "out/{host}/{name}");
  CHECK(
      error_of({"-O", "out", "-o", "/x/{name}"}) ==
      "--output: \"/x/{name}\" given; takes a name below that of --output-dir, so one without a / in front");
  CHECK(error_of({"-O", "-", "-o", "{name}"}).starts_with("--output-dir: \"-\" given; takes"));
}

TEST_CASE("get config: -o takes standard output alone, and refuses malformed templates") {
  CHECK(error_of({"-o", "-", "-O", "out"}) ==
        "--output: \"-\" given; takes a file name template or a directory, or - alone for standard output");
  CHECK(error_of({"-o", "-", "--fields", "url"}) ==
        "--fields: -o - prints bodies, and results only with --format");
  CHECK(error_of({"-i", "list", "-o", "list"}) ==
        "--output: \"list\": it is the file of --input; take another name");
  CHECK(error_of({"--failed", "x", "-o", "x"}) ==
        "--output: \"x\": it is the file of --failed; take another name");
  CHECK(error_of({"-T", "x", "-o", "x"}) ==
        "--output: \"x\": it is the file of --upload-file; take another name");
  CHECK(error_of({"-O", ""}).starts_with("--output-dir: \"\" given; takes"));
  CHECK(error_of({"-o", "out/{nam}"}).starts_with("--output: "));
  CHECK(error_of({"-o", "out/{name"}).starts_with("--output: "));
}

TEST_CASE("get config: headers are checked, and no error shows them") {
  CHECK(config_of({"-H", "A: 1", "-H", "B;"}).fetch.client.headers == std::vector<std::string>{"A: 1", "B;"});
  for (const char* bad :
       {"Authorization: SECRET\r\nX: y", "Authorization: SECRET\ny", "SECRET", ": SECRET"}) {
    const auto message = error_of({"-H", "A: 1", "-H", bad});
    CHECK(message.starts_with("--header: number 2 (not shown): "));
    CHECK(message.find("SECRET") == std::string::npos);
  }
}

TEST_CASE("get config: -H @FILE adds the lines of a file") {
  FakeSystem system;
  system.files["h"] = "A: 1\r\n\nB: 2";
  system.files["bad"] = "A: 1\nSECRET\n";
  CHECK(config_of({"-H", "@h"}, system).fetch.client.headers == std::vector<std::string>{"A: 1", "B: 2"});
  CHECK(error_of({"-H", "@bad"}, system).find("SECRET") == std::string::npos);
  CHECK(error_of({"-H", "@none"}, system) == "--header: \"none\": No such file or directory");
}

TEST_CASE("get config: data is joined, and files are read, as curl does it") {
  FakeSystem system;
  system.files["f"] = std::string("a\r\nb\0c\n", 7);
  const auto body = [&](Words arguments) { return config_of(arguments, system).fetch.body; };
  CHECK_FALSE(body({}).has_value());
  CHECK(body({"-d", ""}) == "");
  CHECK(body({"-d", "a=1", "--data-raw", "@b"}) == "a=1&@b");
  CHECK(body({"-d", "@f"}) == "abc");
  CHECK(body({"--data-binary", "@f"}) == std::string("a\r\nb\0c\n", 7));
  CHECK(error_of({"--data-binary", "@none"}) == "--data-binary: \"none\": No such file or directory");
}

TEST_CASE("get config: a method is one word") {
  CHECK(config_of({"-X", "PROPFIND"}).fetch.method == "PROPFIND");
  CHECK(error_of({"-X", "GET /"}) == "--request: \"GET /\" given; takes a method such as GET, PUT or DELETE");
  CHECK(error_of({"-X", ""}) == "--request: \"\" given; takes a method such as GET, PUT or DELETE");
}

TEST_CASE("get config: -u without a password asks for it, and fails if nobody can answer") {
  CHECK(config_of({"-u", "me:pw:x"}).fetch.client.userpwd == "me:pw:x");
  CHECK(config_of({"-u", "me:"}).fetch.client.userpwd == "me:");
  FakeSystem system;
  system.password = "typed";
  CHECK(config_of({"-u", "me"}, system).fetch.client.userpwd == "me:typed");
  CHECK(error_of({"-u", "me"}) ==
        "--user: no password given, and no terminal to ask for it; takes USER:PASSWORD");
  const auto message = error_of({"-u", "me:SEC\nRET"});
  CHECK(message == "--user: a value with a line break (not shown) given; takes USER:PASSWORD");
}

TEST_CASE(
    "get config: progress is shown if standard error is a terminal, below lines that make room for it") {
  FakeSystem system;
  CHECK(config_of({}, system).session.progress == ProgressKind::off);
  system.terminals = {STDERR_FILENO};
  CHECK(config_of({}, system).session.progress == ProgressKind::bar);
  CHECK(config_of({"-q"}, system).session.progress == ProgressKind::off);
  CHECK(config_of({"--progress=off"}, system).session.progress == ProgressKind::off);
  CHECK(config_of({"--progress=json"}, system).session.progress == ProgressKind::json);
  system.variables["TERM"] = "dumb";
  CHECK(config_of({}, system).session.progress == ProgressKind::plain);
  system.terminals = {STDERR_FILENO, STDOUT_FILENO};
  CHECK(config_of({}, system).session.progress == ProgressKind::off);
  CHECK(config_of({"--progress", "bar"}, system).session.progress == ProgressKind::bar);
  system.variables["TERM"] = "xterm";
  CHECK(config_of({}, system).session.progress == ProgressKind::bar);
  CHECK_FALSE(config_of({}, system).session.gives_way);
  CHECK_FALSE(config_of({"--format", "text"}, system).session.gives_way);
  for (const char* format : {"json", "{url}"})
    CHECK(config_of({"--format", format}, system).session.gives_way);
  CHECK(config_of({"--include", "body"}, system).session.gives_way);
}

TEST_CASE("get config: -s is -q, and with -S it is --summary failures") {
  CHECK(config_of({"-s"}).session.quiet);
  const auto both = config_of({"-s", "-S"}).session;
  CHECK_FALSE(both.quiet);
  CHECK(both.summary == SummaryKind::failures);
  CHECK(config_of({"-S"}).session.summary == SummaryKind::automatic);
  CHECK(config_of({"--summary", "none"}).session.summary == SummaryKind::none);
}

TEST_CASE("make_plan: it has a source, fetch, save if a file may be named, ordered if asked for, and write") {
  const auto stages = [](Words arguments) {
    std::string names;
    for (const auto& stage : config_of(arguments).plan.stages)
      names += stage.args.row().signature.name.front();
    return names;
  };
  CHECK(stages({}) == "lfw");  // a name in the line itself needs no save
  CHECK(stages({"--on-exist=overwrite"}) == "lfsw");
  CHECK(stages({"http://h/"}) == "ufw");
  CHECK(stages({"-O", "d"}) == "lfsw");
  CHECK(stages({"-O", "d", "--order=input"}) == "lfsow");
}

TEST_CASE("make_plan: the window of --order input stays well above the cap") {
  CHECK(config_of({"--order=input"}).ordered.value().window == 1000);
  CHECK(config_of({"--order=input", "-j1000"}).ordered.value().window == 4000);
}
