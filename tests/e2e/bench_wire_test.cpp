// How a benchmark's connections reach their servers, both on the fast path and by libcurl's transfers.
#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <string>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/proxy_server.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat::tests;

namespace {

const OriginProcess& origin() {
  static const OriginProcess process;
  return process;
}

const WireServer& server() {
  static const WireServer nginx;
  return nginx;
}

std::string at(const std::string& host, const std::string& path) {
  return "http://" + host + ":" + std::to_string(origin().port()) + path;
}

struct Run {
  int status;
  std::string all;  // a part of what it printed
  std::uint64_t ok = 0;
  std::uint64_t connections = 0;
  std::string errors;  // the classes of errors
};

Run bench(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"bench", "--format", "json", "--threads", "1", "-c", "2"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto finished = run_leat(words);
  Run run{finished.status, finished.out + finished.err, 0, 0, ""};
  rapidjson::Document json;
  if (json.Parse(finished.out.c_str()).HasParseError()) return run;
  run.ok = json["totals"]["ok"].GetUint64();
  run.connections = json["totals"]["connections_opened"].GetUint64();
  const auto& errors = json["by_error"];
  for (const auto& error : errors.GetObject()) run.errors += error.name.GetString();
  return run;
}

Run by(const char* driver, std::vector<std::string> arguments) {
  if (std::string(driver) != "fast") arguments.emplace_back(driver);
  return bench(arguments);
}

constexpr const char* kDrivers[] = {"fast", "--full"};

}  // namespace

TEST_CASE("bench wire: each connection goes through a tunnel of the proxy, which resolves the name") {
  for (const auto* driver : kDrivers) {
    CAPTURE(driver);
    const ProxyServer proxy;
    const auto run = by(driver, {"-n", "20", "-x", proxy.url(), at("nosuch.invalid", "/ok")});
    CHECK(run.status == 0);
    CHECK(run.ok == 20);
    CHECK(run.connections == proxy.heads().size());
    CHECK(run.connections <= 2);
    for (const auto& head : proxy.heads()) CHECK(head.starts_with("CONNECT nosuch.invalid:"));
  }
}

TEST_CASE("bench wire: other kinds of proxies work, and https through them") {
  for (const auto* driver : kDrivers) {
    CAPTURE(driver);
    const ProxyServer proxy;
    CHECK(by(driver, {"-n", "6", "-x", proxy.url("socks5h"), at("nosuch.invalid", "/ok")}).ok == 6);
    CHECK(proxy.heads()[0].starts_with("SOCKS5 nosuch.invalid:"));
    CHECK(by(driver,
             {"-n", "6", "--cacert", server().certificate(), "-x", proxy.url(), server().url("wire.test")})
              .ok == 6);
  }
}

TEST_CASE("bench wire: a proxy's credentials are sent to it, and printed nowhere") {
  for (const auto* driver : kDrivers) {
    CAPTURE(driver);
    const ProxyServer proxy("me:hunter2");
    const auto run =
        by(driver, {"-n", "4", "-x", proxy.url("http", "me:hunter2"), at("nosuch.invalid", "/ok")});
    CHECK(run.ok == 4);
    CHECK(run.all.find("hunter2") == std::string::npos);
    const auto refused =
        by(driver, {"-n", "4", "-x", proxy.url("http", "me:hunter3"), at("nosuch.invalid", "/ok")});
    CHECK(refused.status == 1);
    CHECK(refused.ok == 0);
    CHECK(refused.errors == "connect_failed");
    CHECK(refused.all.find("hunter3") == std::string::npos);
  }
}

TEST_CASE("bench wire: the environment's proxy is not used") {
  for (const auto* driver : kDrivers) {
    CAPTURE(driver);
    std::vector<std::string> words{
        "env", "http_proxy=http://127.0.0.1:1", LEAT_BINARY, "bench", "-n", "4", "-c", "2", "-q"};
    if (std::string(driver) != "fast") words.emplace_back(driver);
    words.push_back(origin().url("/ok"));
    CHECK(run_process(words).status == 0);
  }
}

TEST_CASE("bench wire: --unix-socket connects to a socket, whatever host the URL names") {
  for (const auto* driver : kDrivers) {
    CAPTURE(driver);
    const auto run = by(driver, {"-n", "20", "--unix-socket", server().socket(), "http://nosuch.invalid/x"});
    CHECK(run.status == 0);
    CHECK(run.ok == 20);
    const auto nobody =
        by(driver, {"-n", "4", "--unix-socket", server().socket() + "-not", "http://nosuch.invalid/x"});
    CHECK(nobody.status == 1);
    CHECK(nobody.ok == 0);
  }
}

TEST_CASE("bench wire: connections are spread over all addresses of a name, and each has a row") {
  const OriginProcess server({"--host", "127.0.0.1", "--host", "127.0.0.2"});
  const std::string port = std::to_string(server.port());
  const std::string url = "http://both.test:" + port + "/ok";
  const std::string both = "both.test:" + port + ":127.0.0.1,127.0.0.2";
  using Words = std::vector<std::string>;
  for (const Words& way :
       {Words{"--threads", "1"}, Words{"--threads", "2"}, Words{"--full", "--threads", "1"}}) {
    CAPTURE(way[0]);
    Words words{"bench", "--format", "json", "-c", "4", "-n", "400", "--resolve", both, url};
    words.insert(words.end(), way.begin(), way.end());
    rapidjson::Document json;
    json.Parse(run_leat(words).out.c_str());
    REQUIRE_FALSE(json.HasParseError());
    const auto& all = json["by_address"];
    REQUIRE(all.Size() == 2);
    CHECK(all[0]["address"].GetString() == "127.0.0.1:" + port);
    CHECK(all[1]["address"].GetString() == "127.0.0.2:" + port);
    int ok = 0;
    int connections = 0;
    for (const auto& one : all.GetArray()) {
      CHECK(one["ok"].GetInt() > 0);
      CHECK(one["sent"].GetInt() == one["ok"].GetInt());
      CHECK(one["response"]["count"].GetInt() == one["ok"].GetInt());
      CHECK(one["connections_opened"].GetInt() == 2);
      ok += one["ok"].GetInt();
      connections += one["connections_opened"].GetInt();
    }
    CHECK(ok == 400);
    CHECK(connections == json["totals"]["connections_opened"].GetInt());
  }
  const auto text = run_leat({"bench", "-c", "2", "-n", "100", "--resolve", both, url}).out;
  CHECK(text.find("\n  by address\n  127.0.0.1:" + port + ": 1 connection, ") != std::string::npos);
  CHECK(text.find("\n  127.0.0.2:" + port + ": 1 connection, ") != std::string::npos);
  const auto alone = run_leat({"bench", "-c", "2", "-n", "10", server.url("/ok")}).out;
  CHECK(alone.find("by address") == std::string::npos);
}

TEST_CASE("bench wire: --resolve sends a name to another address, and TLS still checks the name") {
  for (const auto* driver : kDrivers) {
    CAPTURE(driver);
    const std::string port = std::to_string(origin().port());
    CHECK(by(driver,
             {"-n", "10", "--resolve", "nosuch.invalid:" + port + ":127.0.0.1", at("nosuch.invalid", "/ok")})
              .ok == 10);
    const auto& nginx = server();
    const auto named = [&](const std::string& name) {
      return by(driver, {"-n", "4", "--cacert", nginx.certificate(), "--resolve",
                         name + ":" + nginx.port() + ":127.0.0.1", nginx.url(name)});
    };
    CHECK(named("wire.test").ok == 4);
    CHECK(named("other.test").errors == "tls_untrusted");
  }
}

TEST_CASE("bench wire: a name is looked up once, or again for new connections after --dns-ttl") {
  // getaddrinfo also takes 127.1, and needs nobody to answer.
  const auto look_ups = [](const std::string& ttl) {
    const auto run = run_leat({"bench", "--format", "json", "--threads", "1", "-c", "1", "-n", "40",
                               "--no-keepalive", "--dns-ttl", ttl, at("127.1", "/delay/5")});
    rapidjson::Document json;
    REQUIRE_FALSE(json.Parse(run.out.c_str()).HasParseError());
    CHECK(json["totals"]["ok"].GetUint64() == 40);
    return json["latency"]["dns"]["count"].GetUint64();
  };
  CHECK(look_ups("60s") == 1);
  const auto often = look_ups("50ms");  // each takes at least 200 ms
  CHECK(often >= 3);
  CHECK(often <= 40);
}

TEST_CASE("bench wire: by HTTP/2, -c requests at once share connections, --streams of them each") {
  for (const auto* driver : kDrivers) {
    CAPTURE(driver);
    const auto run = by(driver, {"-n", "200", "-k", "--http2", "--streams", "2", server().url()});
    CHECK(run.status == 0);
    CHECK(run.ok == 200);
    CHECK(run.connections == 1);
    const auto more =
        by(driver, {"-n", "200", "-c", "10", "-k", "--http2", "--streams", "2", server().url()});
    CHECK(more.ok == 200);
    CHECK(more.connections == 5);
  }
  CHECK(bench({"--http2", origin().url("/ok")}).status == 2);
  CHECK(bench({"--streams", "3", server().url()}).status == 2);
}

TEST_CASE("bench wire: by HTTP/2, a rate, stages, two sides and a search do what they do by HTTP/1.1") {
  const std::vector<std::string> by_http2{"-k", "--http2", "--streams", "2"};
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"-R", "200", "-z", "500ms", server().url()},
           {"--stages", "250ms@100..300,250ms@200", server().url()},
           {"-n", "60", server().url(), server().url() + "second"},
           {"-n", "60", "-d", "a body", "-H", "X-One: 1", server().url()},
           {"-z", "1s", "-R", "200", server().url(), "--vs", server().url() + "other"},
           {"-z", "300ms", "--find-rate", "p50<5s", "-R", "50", server().url()}}) {
    CAPTURE(words.front());
    std::vector<std::string> all = by_http2;
    all.insert(all.end(), words.begin(), words.end());
    const Run run = bench(all);
    CHECK(run.status == 0);
    CHECK(run.ok > 0);
    CHECK(run.errors.empty());
  }
}

TEST_CASE("bench wire: HTTP/2 goes through a proxy's tunnel") {
  const ProxyServer proxy;
  const Run run = bench({"-n", "40", "-k", "--http2", "--streams", "2", "-x", proxy.url(), server().url()});
  CHECK(run.ok == 40);
  CHECK(proxy.heads().size() == 1);
}
