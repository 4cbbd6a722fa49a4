#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;
namespace fs = std::filesystem;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// A copy of samples/ in a new directory, which asks an origin of its own.
struct Samples {
  OriginProcess origin;
  TempDir dir;

  Samples() {
    fs::create_directory(dir / "samples");
    for (const auto& entry : fs::directory_iterator(LEAT_SOURCE_DIR "/samples")) {
      const std::string name = entry.path().filename();
      if (name.find('.') == std::string::npos) continue;
      write_file(dir / ("samples/" + name), here(read_file(entry.path())));
    }
  }

  [[nodiscard]] std::string here(const std::string& text) const {
    return replaced(text, "127.0.0.1:8099", "127.0.0.1:" + std::to_string(origin.port()));
  }
  [[nodiscard]] Finished leat(const std::string& words) const {
    return run_process({"/bin/sh", "-c", "cd \"$0\" && exec \"$1\" " + words, dir.path(), LEAT_BINARY});
  }
  [[nodiscard]] Finished run(const std::string& name, const std::string& more = "") const {
    return leat("run -q -f samples/" + name + ".leat " + more);
  }
};

std::vector<std::string> sorted_lines(const std::string& text) {
  auto lines = lines_of(text);
  std::sort(lines.begin(), lines.end());
  return lines;
}

using Lines = std::vector<std::string>;

constexpr const char* kNames[] = {"link-checker",     "api-to-csv",     "image-list", "mirror-index",
                                  "health-check",     "sitemap",        "enrich",     "download-checked",
                                  "diff-endpoints",   "webhook-replay", "graphql",    "token-then-list",
                                  "list-detail-image"};

}  // namespace

TEST_CASE("samples: each sample gives the same plan as an argument and as a file") {
  const Samples samples;
  for (const std::string name : kNames) {
    CAPTURE(name);
    const auto file = samples.leat("check -f samples/" + name + ".leat");
    const auto argument = samples.leat("check \"$(cat samples/" + name + ".leat)\"");
    CHECK(file.status == 0);
    CHECK(file.err.empty());
    CHECK(file.out.find("Tasks") != std::string::npos);
    CHECK(argument.out == file.out);
    CHECK(argument.status == 0);
  }
}

TEST_CASE("samples: the link checker names broken links and their pages, and fails") {
  const Samples samples;
  // With several pages at once a page may be found by a longer way first. So the last one gets more steps
  // than it needs.
  const auto run = samples.run("link-checker", "--set depth=10");
  CHECK(run.status == 1);
  Lines wanted;
  for (const std::string page : {"0", "10", "20"}) {
    wanted.push_back(samples.here("http://127.0.0.1:8099/site/30/" + page +
                                  "?broken=10 -> http://127.0.0.1:8099/status/404/linked-from/" + page +
                                  ": HTTP 404 Not Found"));
  }
  CHECK(sorted_lines(run.out) == wanted);
  CHECK(samples.origin.requests_of("/site/30/7") == 1);
  const auto whole = samples.run("link-checker", "--set start=" + samples.origin.url("/site/7/0"));
  CHECK(whole.status == 0);
  CHECK(whole.out.empty());
}

TEST_CASE("samples: an API's pages become one table") {
  const Samples samples;
  const auto run = samples.run("api-to-csv");
  CHECK(run.status == 0);
  std::string wanted = "meta.id,url\n";
  for (int id = 1; id <= 12; ++id) {
    wanted += std::to_string(id) + "," + samples.origin.url("/ok/" + std::to_string(id)) + "\n";
  }
  CHECK(run.out == wanted);
}

TEST_CASE("samples: a GraphQL query is asked again from where each page ends, until there is no next page") {
  const Samples samples;
  const auto run = samples.run("graphql");
  CHECK(run.status == 0);
  CHECK(run.out == "id,name\n1,item 1\n2,item 2\n3,item 3\n4,item 4\n5,item 5\n");
  CHECK(samples.origin.requests_of("/graphql") == 3);
}

TEST_CASE(
    "samples: a token is asked for once, with the client's credentials, and every page of the list gets it") {
  const Samples samples;
  const auto run = samples.run("token-then-list");
  CHECK(run.status == 0);
  std::string wanted;
  for (const std::string id : {"1", "2", "3", "4"}) {
    wanted += R"({"meta.id":)" + id + R"(,"url":")" + samples.origin.url("/ok/" + id) + "\"}\n";
  }
  CHECK(run.out == wanted);
  CHECK(samples.origin.requests_of("/token") == 1);
  const auto unknown = samples.run("token-then-list", "--set client=nobody:none");
  CHECK(unknown.status == 1);
  CHECK(unknown.out.find("/ok/") == std::string::npos);
}

TEST_CASE("samples: the images on each item's page are saved by the item, each once") {
  const Samples samples;
  const auto run = samples.run("list-detail-image");
  CHECK(run.status == 0);
  Lines wanted;
  for (const std::string id : {"1", "2", "3", "4"}) {
    for (const std::string which : {"a", "b"}) {
      const std::string file = "images/" + id + "/" + id + which + ".png";
      wanted.push_back("ok\t" + file);
      CHECK(read_file(samples.dir / file) == samples.origin.get("/ok/img/" + id + which + ".png"));
    }
  }
  wanted.emplace_back("outcome\tfilename");
  CHECK(sorted_lines(run.out) == wanted);
}

TEST_CASE("samples: the images of all pages are fetched, each once") {
  const Samples samples;
  const auto run = samples.run("image-list");
  CHECK(run.status == 0);
  Lines wanted;
  for (const std::string name : {"0a", "0b", "1a", "1b", "2a", "2b"}) {
    wanted.push_back(samples.origin.url("/ok/img/" + name + ".png"));
  }
  CHECK(sorted_lines(run.out) == wanted);
}

TEST_CASE("samples: a directory index is mirrored, and a second run fetches no file again") {
  const Samples samples;
  const auto run = samples.run("mirror-index");
  CHECK(run.status == 0);
  CHECK(lines_of(run.out).size() == 1 + 14);
  for (const std::string below :
       {"", "left/", "right/", "left/left/", "left/right/", "right/left/", "right/right/"}) {
    CAPTURE(below);
    const std::string file = "mirror/127.0.0.1/index/2/" + below + "one.bin";
    CHECK(read_file(samples.dir / file) == samples.origin.get("/index/2/" + below + "one.bin"));
  }
  CHECK(samples.origin.requests_of("/index/") == 0);
  const auto before = samples.origin.requests_of("/index/2/left/two.bin");
  CHECK(samples.run("mirror-index").status == 0);
  CHECK(samples.origin.requests_of("/index/2/left/two.bin") == before);
}

TEST_CASE("samples: the health check lists all endpoints in order, and fails if one does") {
  const Samples samples;
  const auto well = samples.run("health-check");
  CHECK(well.status == 0);
  CHECK(lines_of(well.out).size() == 5);
  write_file(samples.dir / "mine.txt", samples.origin.url("/delay/100/slow") + "\n" +
                                           samples.origin.url("/status/500/x?retry-after=0") + "\n");
  const auto ill = samples.run("health-check", "--set endpoints=mine.txt --set patience=2s");
  CHECK(ill.status == 1);
  CHECK(ill.out == "outcome\tstatus\turl\terror.code\nok\t200\t" + samples.origin.url("/delay/100/slow") +
                       "\t\nfailed\t500\t" + samples.origin.url("/status/500/x?retry-after=0") +
                       "\thttp_status\n");
}

TEST_CASE("samples: every page of every sitemap is fetched once") {
  const Samples samples;
  const auto run = samples.run("sitemap");
  CHECK(run.status == 0);
  CHECK(run.out == "{\"key\":200,\"count\":50}\n");
  CHECK(samples.origin.requests_of("/ok/sitemap/25/1.xml/24") == 1);
}

TEST_CASE("samples: downloads are compared with their checksums") {
  const Samples samples;
  const auto run = samples.run("download-checked");
  CHECK(run.status == 0);
  write_file(samples.dir / "sums", run.out);
  CHECK(run_process({"/bin/sh", "-c", "cd \"$0\" && sha256sum -c sums", samples.dir.path()}).status == 0);
  CHECK(lines_of(run.out).size() == 3);
  write_file(samples.dir / "wrong.jsonl", "{\"url\":\"" + samples.origin.url("/size/9/bad.bin") +
                                              "\",\"sha256\":\"" + std::string(64, '0') + "\"}\n");
  const auto wrong = samples.run("download-checked", "--set list=wrong.jsonl");
  CHECK(wrong.status == 1);
  CHECK(wrong.out.empty());
  CHECK_FALSE(fs::exists(samples.dir / "downloads/bad.bin"));
  CHECK(read_file(samples.dir / "downloads.failed").find("/size/9/bad.bin: ") != std::string::npos);
}

TEST_CASE("samples: objects are enriched in their order, and what they had stays unchanged") {
  const auto run = Samples().run("enrich");
  CHECK(run.status == 0);
  CHECK(run.out ==
        "{\"sku\":1,\"stock\":7,\"price\":10,\"title\":\"item 1\"}\n"
        "{\"sku\":2,\"stock\":0,\"note\":\"discontinued\",\"price\":20,\"title\":\"item 2\"}\n"
        "{\"sku\":3,\"stock\":1.50,\"price\":30,\"title\":\"item 3\"}\n");
}

TEST_CASE("samples: the differences between two endpoints are shown") {
  const auto run = Samples().run("diff-endpoints");
  CHECK(run.status == 0);
  CHECK(run.out ==
        "{\"meta\":{\"id\":\"3\",\"old\":{\"id\":3,\"name\":\"item 3\",\"price\":30},"
        "\"new\":{\"id\":3,\"name\":\"item 3\",\"price\":32}}}\n"
        "{\"meta\":{\"id\":\"6\",\"old\":{\"id\":6,\"name\":\"item 6\",\"price\":60},"
        "\"new\":{\"id\":6,\"name\":\"item 6\",\"price\":62}}}\n");
}

TEST_CASE("samples: events are sent again unchanged, and those that can't be delivered are kept") {
  const Samples samples;
  const auto run = samples.run("webhook-replay");
  CHECK(run.status == 0);
  CHECK(run.out ==
        "order.paid 200 {\"order\":1,\"total\":12.50}\norder.sent 200 {\"order\":1}\n"
        "order.paid 200 {\"order\":2,\"total\":3}\n");
  const auto refused = samples.run("webhook-replay", "--set target=" + samples.origin.url("/status/400/x"));
  CHECK(refused.status == 1);
  CHECK(lines_of(read_file(samples.dir / "undelivered.jsonl")).at(0) ==
        "{\"event\":\"order.paid\",\"payload\":{\"order\":1,\"total\":12.50}}");
}

TEST_CASE("samples: three workers crawl a site together although one of them is killed" *
          doctest::may_fail()) {  // as in job_test
  const auto done =
      run_process({"/usr/bin/env", "LEAT=" LEAT_BINARY, std::string(LEAT_SOURCE_DIR) + "/samples/cluster"});
  CAPTURE(done.err);
  CHECK(done.status == 0);
  CHECK(done.out.find("different URLs in them: 300\n") != std::string::npos);
  CHECK(done.out.find("read: 1 record of the source, all of it\n") != std::string::npos);
  CHECK(done.out.find("done: 300 ok, ") != std::string::npos);  // and the links to pages that were known
  CHECK(done.out.find("failed") == std::string::npos);
}

TEST_CASE("stages: the example of each stage runs as it stands") {
  const OriginProcess origin;
  const RedisServer redis;
  redis.ask({"XADD", "urls", "*", "line", origin.url("/ok/1")});
  const std::string port = "127.0.0.1:" + std::to_string(origin.port());
  int examples = 0;
  std::map<std::string, std::size_t> told;  // how much of a stage's help was seen: some are told twice
  const auto list = run_leat({"run", "--help"}).out;
  const auto from = list.find("Stages (");
  REQUIRE(from != std::string::npos);
  for (const auto& line : lines_of(list.substr(from))) {
    if (!line.starts_with("  ")) continue;
    const std::string stage = line.substr(2, line.find(' ', 2) - 2);
    CAPTURE(stage);
    const TempDir dir;
    write_file(dir / "urls.txt", "http://" + port + "/ok/a\nhttp://" + port + "/page/1\n");
    write_file(dir / "items.json", "[{\"url\":\"http://" + port + "/ok/1\",\"k\":1},{\"k\":2}]");
    write_file(dir / "items.csv", "url,k\nhttp://" + port + "/ok/1,one\nhttp://" + port + "/ok/2,two\n");
    write_file(dir / "downloads.txt", "http://" + port + "/ok/1\n gid=1\nhttp://" + port + "/ok/2\n");
    const auto help = run_leat({"help", stage});
    CHECK(help.status == 0);
    const auto at = help.out.find("\n  leat run '", told[stage]);
    REQUIRE(at != std::string::npos);
    told[stage] = at + 1;
    const auto written = help.out.substr(at + 8, help.out.find('\n', at + 8) - at - 8);
    const auto example = replaced(replaced(written, "127.0.0.1:8080", port), "unix:redis.sock", redis.url());
    const auto run =
        run_process({"/bin/sh", "-c", "cd \"$0\" && exec \"$1\"" + replaced(example, "run '", " run -q '"),
                     dir.path(), LEAT_BINARY});
    CAPTURE(run.err);
    // There is nothing that verify could find to be right.
    const bool fails = stage == "verify";
    CHECK(run.status == (fails ? 1 : 0));
    CHECK(run.err.empty());
    const bool is_end = example.find("| redis") != std::string::npos;
    CHECK(run.out.empty() == (stage == "null" || fails || is_end));
    if (fails) CHECK(read_file(dir / "damaged.jsonl").find("\"failed\"") != std::string::npos);
    ++examples;
  }
  CHECK(examples >= 31);
  CHECK(redis.ask({"XLEN", "results"}) == "2");
}

TEST_CASE("samples: the speed gate passes a fast service and fails a slow one") {
  const Samples samples;
  const auto gate = [&](const std::string& path) {
    return run_process({"/bin/sh", "-c",
                        "cd \"$0\" && SECONDS_EACH=500ms LEAT=\"$1\" sh samples/bench-gate.sh \"$2\"",
                        samples.dir.path(), LEAT_BINARY, samples.origin.url(path)});
  };
  const auto fast = gate("/ok");
  CHECK(fast.status == 0);
  CHECK(fast.out.find("check      error_rate<0.5%: ") != std::string::npos);
  const auto broken = gate("/status/503");
  CHECK(broken.status == 4);
  CHECK(broken.out.find("check      error_rate<0.5%: fail, 100 %") != std::string::npos);
}

TEST_CASE("samples: two endpoints are compared with each other") {
  const Samples samples;
  const auto run = run_process(
      {"/bin/sh", "-c", "cd \"$0\" && SECONDS_EACH=1s LEAT=\"$1\" sh samples/bench-versus.sh \"$2\" \"$3\"",
       samples.dir.path(), LEAT_BINARY, samples.origin.url("/delay/5"), samples.origin.url("/delay/25")});
  CHECK(run.status == 0);
  CHECK(run.out.find(samples.origin.url("/delay/25") + " differs from " + samples.origin.url("/delay/5")) !=
        std::string::npos);
  CHECK(read_file(samples.dir / "bench-versus.html").find("<svg") != std::string::npos);
  CHECK(read_file(samples.dir / "bench-versus.json").find("\"comparison\"") != std::string::npos);
}

TEST_CASE("samples: requests go to a list of targets by their weights") {
  const Samples samples;
  const auto run = samples.leat("bench -c 8 -n 1200 -i samples/bench-targets.jsonl");
  CHECK(run.status == 0);
  CHECK(run.out.find("1200 ok, 0 failed") != std::string::npos);
  const auto posts = samples.origin.requests_of("/echo");
  CHECK(posts > 50);
  CHECK(posts < 150);
}
