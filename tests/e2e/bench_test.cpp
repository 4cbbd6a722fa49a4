#include <doctest/doctest.h>
#include <rapidjson/document.h>
#include <signal.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/says.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

rapidjson::Document parsed(const std::string& text) {
  rapidjson::Document json;
  json.Parse(text.c_str());
  REQUIRE_FALSE(json.HasParseError());
  return json;
}

}  // namespace

TEST_CASE("bench: it prints what was measured, and its status says whether all was answered") {
  const OriginProcess server;
  const auto good = run_leat({"bench", "-n", "300", "-c", "7", server.url("/ok")});
  CHECK(good.status == 0);
  CHECK(good.err.empty());
  CHECK(says(good, "300 ok, 0 failed, 0 timed out"));
  CHECK(says(good, "status 200 300"));
  CHECK(server.requests_of("/ok") == 300);
  const auto bad = run_leat({"bench", "-n", "10", server.url("/empty")});
  CHECK(bad.status == 1);
  CHECK(says(bad, "0 ok, 10 failed"));
  CHECK(says(bad, "reset 10"));
  const auto quiet = run_leat({"bench", "-q", "-n", "10", server.url("/ok")});
  CHECK(quiet.out.empty());
  CHECK(quiet.status == 0);
}

TEST_CASE("bench: an error ends it with status 2, and nothing is sent") {
  const OriginProcess server;
  for (const std::string option : {"-c", "-n", "-z", "-R", "--threads", "--stages", "--dns-ttl"}) {
    for (const std::string value : {"0", "-3", "-0.5s", "nan", "1e999"}) {
      CAPTURE(option);
      CAPTURE(value);
      const auto refused = run_leat({"bench", option, value, server.url("/ok")});
      CHECK(refused.status == 2);
      CHECK(refused.err.find("leat bench: ") == 0);
      CHECK(refused.err.find(value) != std::string::npos);
      CHECK(refused.out.empty());
    }
  }
  for (const std::string option : {"--warmup", "--think", "--timeout", "--connect-timeout"}) {
    CHECK(run_leat({"bench", option, "-1s", server.url("/ok")}).status == 2);
  }
  const auto list = run_leat({"bench", "-i", "-"}, server.url("/ok") + "\n{\"url\":\"gopher://h/\"}\n");
  CHECK(list.status == 2);
  CHECK(list.err.find("gopher") != std::string::npos);
  CHECK(run_leat({"bench", server.url("/ok"), "ftp://h/"}).status == 2);
  CHECK(run_leat({"bench", "-i", "-"}, server.url("/ok") + "\nno scheme here\n").status == 2);
  CHECK(server.stats().requests == 0);
}

TEST_CASE("bench: if it is interrupted, it reports what it has, also while nothing is answered") {
  const OriginProcess server;
  for (const auto* path : {"/ok", "/hang"}) {
    Process bench({LEAT_BINARY, "bench", "-z", "1h", "-c", "3", server.url(path)});
    while (server.requests_of(path) < 3) {
    }
    bench.signal(SIGINT);
    const Finished finished = bench.wait();
    CHECK(finished.status == 130);
    CHECK(says(finished, "stopped early"));
    CHECK(says(finished, "requests"));
  }
}

TEST_CASE("bench: if its output is closed, it ends without an error") {
  const OriginProcess server;
  Process bench({LEAT_BINARY, "bench", "-n", "1000", server.url("/ok")});
  bench.close_output();
  const Finished finished = bench.wait();
  CHECK(finished.status == 0);
  CHECK(finished.err.empty());
}

TEST_CASE("bench: a document is saved, and compared with another") {
  const OriginProcess server;
  const TempDir dir;
  const auto save = [&](const std::string& path, const std::string& name) {
    const auto run =
        run_leat({"bench", "-q", "-c", "8", "-n", "600", "--save", dir / name, "--html",
                  dir / (name + ".html"), "--samples", dir / (name + ".ndjson"), server.url(path)});
    CHECK(run.status == 0);
    CHECK(run.out.empty());
    CHECK(run.err.empty());
  };
  save("/delay/2", "old.json");
  save("/delay/12", "new.json");
  CHECK(lines_of(read_file(dir / "old.json.ndjson")).size() == 600);
  CHECK(read_file(dir / "old.json.html").find("</html>") != std::string::npos);
  const auto differs = run_leat({"bench", "--compare", dir / "old.json", dir / "new.json"});
  CHECK(differs.status == 0);
  CHECK(says(differs, " differs from "));
  CHECK(says(differs, "its median is "));
  const auto itself = run_leat({"bench", "--compare", dir / "old.json", dir / "old.json"});
  CHECK(says(itself, "No difference between "));
}

TEST_CASE("bench: --compare names the file that is no result, whichever of the two it is") {
  const OriginProcess server;
  const TempDir dir;
  const std::string good = dir / "good.json";
  CHECK(run_leat({"bench", "-q", "-n", "50", "--save", good, server.url("/ok")}).status == 0);
  const std::string text = read_file(good);
  std::string newer = text;
  newer.replace(newer.find("leat.bench/1"), 12, "leat.bench/9");
  const std::vector<std::pair<std::string, std::string>> wrong{
      {text.substr(0, text.size() / 2), "no JSON at byte "},
      {"", "no JSON at byte 1"},
      {"<html></html>", "no JSON at byte 1"},
      {"[1,2]", "no \"schema\" in it"},
      {R"({"version":1,"log":{}})", "no \"schema\" in it"},
      {newer, "its schema is \"leat.bench/9\""},
      {R"({"schema":"leat.bench/1"})", "latency.response"}};
  const std::string bad = dir / "bad.json";
  const auto refused = [&](const std::string& old_file, const std::string& new_file,
                           const std::string& words) {
    const auto run = run_leat({"bench", "--compare", old_file, new_file});
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(run.err.find("leat bench: ") == 0);
    CHECK(run.err.find(words) != std::string::npos);
  };
  for (const auto& [content, words] : wrong) {
    write_file(bad, content);
    refused(good, bad, "bad.json");
    refused(bad, good, words);
  }
  refused(good, dir / "none.json", "none.json");
  refused(dir / "none.json", good, "No such file");
  refused(good, dir.path(), "leat bench: --compare: ");
  CHECK(run_leat({"bench", "--compare", good}).status == 2);
  CHECK(run_leat({"bench", "--compare", good, good, good}).status == 2);
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{"--html", dir / "page.html"},
                                             {"--format", "json"},
                                             {"--vs", "http://127.0.0.1:1/"},
                                             {"--requests", "5"},
                                             {"--concurrency", "3"},
                                             {"--duration", "1s"},
                                             {"--rate", "50/s"},
                                             {"--header", "A: b"},
                                             {"--data", "x"},
                                             {"--expect-status", "200"},
                                             {"--input", good},
                                             {"--strict"},
                                             {"--full"},
                                             {"--config", "/dev/null"}}) {
    CAPTURE(more[0]);
    std::vector<std::string> words{"bench", "--compare", good, good};
    words.insert(words.end(), more.begin(), more.end());
    const auto both = run_leat(words);
    CHECK(both.status == 2);
    CHECK(both.out.empty());
    CHECK(both.err.find("--compare: given with " + more[0]) != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(dir / "page.html"));
  CHECK(run_leat({"bench", "--compare", good, good, "--format", "text"}).status == 0);
}

TEST_CASE("bench: --compare with -q prints nothing, and options of runs that are not typed do not count") {
  const OriginProcess server;
  const TempDir dir;
  const std::string good = dir / "good.json";
  CHECK(run_leat({"bench", "-q", "-n", "50", "--save", good, server.url("/ok")}).status == 0);
  const auto quiet =
      run_leat({"bench", "--compare", "-q", good, good, "--check", "ratio.p50<0.5", "--check-mode", "point"});
  CHECK(quiet.status == 4);
  CHECK(quiet.out.empty());
  const auto run = run_process({"env", "LEAT_CONCURRENCY=3", "LEAT_SAVE=" + (dir / "other.json"), LEAT_BINARY,
                                "bench", "--compare", good, good});
  CHECK(run.status == 0);
  CHECK(run.out.find("good.json") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(dir / "other.json"));
}

TEST_CASE("bench: checks decide the status, and each says its reason") {
  const OriginProcess server;
  const auto checked = [&](const std::vector<std::string>& more, const std::string& path) {
    std::vector<std::string> words{"bench", "-n", "400", "-c", "8"};
    words.insert(words.end(), more.begin(), more.end());
    words.push_back(server.url(path));
    return run_leat(words);
  };
  CHECK(checked({"--check", "p50<20s", "--check", "rate>1/s"}, "/ok").status == 0);
  const auto slow = checked({"--check", "p50<1ms"}, "/delay/20");
  CHECK(slow.status == 4);
  CHECK(says(slow, "check      p50<1ms: fail, "));
  CHECK(checked({"--check", "error_rate<1%"}, "/status/500").status == 4);
  CHECK(checked({"--check", "error_rate<=100%"}, "/empty").status == 1);  // nothing was answered
  const auto unsure = checked({"--check", "p99.9<1ns"}, "/ok");
  CHECK(unsure.status == 0);
  CHECK(says(unsure, "undecided"));
  CHECK(checked({"--check", "p99.9<1ns", "--check-mode", "point"}, "/ok").status == 4);
}

TEST_CASE("bench: a wrong request is refused before anything is sent") {
  const OriginProcess server;
  const std::vector<std::vector<std::string>> wrong{{"--check", "p101<1s"},
                                                    {"--check", "p0<1s"},
                                                    {"--check", "p-5<1s"},
                                                    {"--check", "p<1s"},
                                                    {"--check", "q99<1s"},
                                                    {"--check", "p99<-5ms"},
                                                    {"--check", "p99<5"},
                                                    {"--check-mode", "maybe"},
                                                    {"--find-rate", "p99"},
                                                    {"--vs", "ftp://h/"},
                                                    {"--format", "xml"},
                                                    {"--save", "/nowhere/a"},
                                                    {"--html", "/nowhere/a"},
                                                    {"--samples", "/nowhere/a"},
                                                    {"--vs", server.url("/ok"), "--find-rate", "p99<1s"},
                                                    {"--vs", server.url("/ok"), "-n", "3"},
                                                    {"--find-rate", "p99<1s", "--stages", "1s@10"},
                                                    {"--progress", "loud"}};
  for (auto words : wrong) {
    const std::string option = words[0];
    words.insert(words.begin(), "bench");
    words.push_back(server.url("/ok"));
    const auto refused = run_leat(words);
    CAPTURE(option);
    CAPTURE(refused.err);
    CHECK(refused.status == 2);
    CHECK(refused.err.find("leat bench: --") == 0);
  }
  CHECK(server.stats().requests == 0);
}

TEST_CASE("bench: two endpoints are measured in turns, and the status is that of both") {
  const OriginProcess server;
  const auto run =
      run_leat({"bench", "-c", "4", "-z", "800ms", server.url("/delay/4"), "--vs", server.url("/delay/16")});
  CHECK(run.status == 0);
  CHECK(says(run, server.url("/delay/16") + " differs from " + server.url("/delay/4")));
  CHECK(run_leat({"bench", "-n", "100", server.url("/ok"), "--vs", server.url("/empty")}).status == 1);
  const auto document = parsed(run_leat({"bench", "-c", "4", "-z", "800ms", "--format", "json",
                                         server.url("/ok"), "--vs", server.url("/ok")})
                                   .out);
  for (const auto* series : {&document["series"], &document["vs"]["series"]}) {
    CHECK(series->Size() >= 10);  // one point for each block
    for (const auto& point : series->GetArray()) {
      CHECK(point["in_flight"].GetDouble() >= 1);  // and not what is left when the block has drained
      CHECK(point["in_flight"].GetDouble() <= 4);
    }
  }
  CHECK(document["comparison"]["groups"].GetInt() >= 5);
}

TEST_CASE("bench: the highest rate at which a bound holds is found") {
  const OriginProcess server;  // one request at a time, 20 ms each: at most 50/s
  const auto run = run_leat({"bench", "-c", "1", "-z", "700ms", "-R", "20", "--timeout", "5s", "--find-rate",
                             "p50<150ms", "--format", "json", server.url("/delay/20")});
  CHECK(run.status == 0);
  const auto json = parsed(run.out);
  REQUIRE(json.HasMember("find_rate"));
  CHECK(json["find_rate"]["held"].GetDouble() > 20);
  CHECK(json["find_rate"]["failed"].GetDouble() < 120);
  CHECK(run_leat({"bench", "-c", "1", "-z", "200ms", "--find-rate", "p50<1us", server.url("/delay/20")})
            .status == 4);
}

TEST_CASE("bench: the noise floor is measured first, and not on the server") {
  const OriginProcess server;
  const auto run = run_leat({"bench", "-n", "100", "-c", "4", "--calibrate", server.url("/ok")});
  CHECK(run.status == 0);
  CHECK(run.out.find("noise floor: ") == 0);
  CHECK(says(run, "100 ok, 0 failed"));
  CHECK(server.requests_of("/ok") == 100);
}

TEST_CASE("bench: the noise floor is that of the load, whatever options say of the user's own server") {
  const OriginProcess server({"--host", "127.0.0.1", "--host", "::1"});
  const std::string port = std::to_string(server.port());
  using Words = std::vector<std::string>;
  for (const Words& words : {Words{"-n", "50", "--expect-status", "201", server.url("/status/201")},
                             Words{"-n", "50", "--expect-body-size", "3", server.url("/ok")},
                             Words{"-n", "50", "-6", "http://[::1]:" + port + "/ok"},
                             Words{"-n", "50", "--connect-to", "::127.0.0.1:" + port, "http://no.test:1/ok"},
                             Words{"--stages", "50ms@40..0,150ms@100..0", server.url("/ok")}}) {
    Words all{"bench", "-c", "2", "--calibrate", "--format", "json"};
    all.insert(all.end(), words.begin(), words.end());
    const auto run = run_leat(all);
    INFO(words.back());
    CHECK(run.status == 0);
    const auto json = parsed(run.out);
    REQUIRE(json["noise_floor"].IsObject());
    CHECK(json["noise_floor"]["p50"].IsNumber());
    CHECK(json["noise_floor"]["rate"].GetDouble() > 0);
  }
}

TEST_CASE("bench: no report shows a password, also if it stands behind letters of other options") {
  const OriginProcess server;
  const TempDir dir;
  using Words = std::vector<std::string>;
  for (const Words& secret : {Words{"-ku", "me:hush"}, Words{"-kume:hush"}, Words{"-kqkume:hush"},
                              Words{"-kH", "Authorization: hush"}, Words{"-kHAuthorization: hush"}}) {
    Words all{"bench",          "-n",       "5",       "-c", "1", "--save", dir / "run.json", "--html",
              dir / "run.html", "--format", "markdown"};
    all.insert(all.end(), secret.begin(), secret.end());
    all.push_back(server.url("/ok"));
    const auto run = run_leat(all);
    CHECK(run.status == 0);
    for (const auto& text : {run.out, read_file(dir / "run.json"), read_file(dir / "run.html")})
      CHECK(text.find("hush") == std::string::npos);
    CHECK(read_file(dir / "run.json").find("(secret)") != std::string::npos);
  }
}

TEST_CASE("bench: if it is interrupted in the middle of turns, it still writes what it has") {
  const OriginProcess server;
  const TempDir dir;
  Process bench({LEAT_BINARY, "bench", "-z", "1h", "-c", "3", "--save", dir / "run.json", server.url("/ok"),
                 "--vs", server.url("/delay/1")});
  while (server.stats().requests < 100) {
  }
  bench.signal(SIGINT);
  CHECK(bench.wait().status == 130);
  CHECK(parsed(read_file(dir / "run.json"))["exit_code"].GetDouble() == 130);
}
