// Names with several addresses, some of them dead, and localhost, -4 and -6: see tests/e2e/faults.
#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/support/black_hole.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/proxy_server.hpp"
#include "tests/support/resetting_server.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat::tests;

namespace {

const OriginProcess& origin() {
  static const OriginProcess process;
  return process;
}

std::string port() { return std::to_string(origin().port()); }

// The value of --resolve that gives that host these addresses.
std::string fixed(const std::string& host, const std::string& addresses) {
  return host + ":" + port() + ":" + addresses;
}

std::string list_of(int count, const std::string& host) {
  std::string list;
  for (int i = 0; i < count; ++i)
    list.append("http://").append(host).append(":").append(port()).append("/ok/").append(std::to_string(i)) +=
        '\n';
  return list;
}

struct Run {
  int ok = 0;
  int retried = 0;
  std::map<std::string, int> codes;  // of the records that failed
  double seconds = 0;
};

Run get(std::vector<std::string> options, const std::string& input) {
  options.insert(options.begin(), {"get", "-q"});
  const auto start = std::chrono::steady_clock::now();
  const auto finished = run_leat(options, input);
  Run run;
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (const auto& line : json_lines(finished.out)) {
    if (line.text("outcome") == "ok") ++run.ok;
    if (line.text("outcome") != "ok") ++run.codes[line.error_code()];
    if (line.number("num_retries") > 0) ++run.retried;
  }
  return run;
}

Run thousand(const std::string& addresses, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--resolve", fixed("some.test", addresses), "-i", "-"});
  const Run run = get(std::move(more), list_of(1000, "some.test"));
  CHECK(run.ok == 1000);
  CHECK(run.retried == 0);
  CHECK(run.codes.empty());
  return run;
}

JsonLine one(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"get", "-q", "--include", "headers"});
  return only_line(run_leat(arguments));
}

std::string url(const std::string& host) { return "http://" + host + ":" + port() + "/ok"; }

bool can_ipv6() {
  return run_process(
             {"python3", "-c", "import socket; socket.create_server(('::1', 0), family=socket.AF_INET6)"})
             .status == 0;
}

}  // namespace

TEST_CASE("addresses: of 1,000 URLs none is lost, retried or late if the first address refuses") {
  thousand("127.0.0.2,127.0.0.1");
  thousand("127.0.0.2,127.0.0.1", {"--retry", "0", "-j", "8"});
  thousand("127.0.0.2,127.0.0.1", {"--threads", "2"});
}

TEST_CASE("addresses: of 1,000 URLs none is lost or retried if only one of four addresses is alive") {
  thousand("127.0.0.2,127.0.0.3,127.0.0.4,127.0.0.1");
  thousand("127.0.0.2,127.0.0.1,127.0.0.3,127.0.0.4");
}

TEST_CASE("addresses: 1,000 URLs take at most 3 seconds longer if the first address is silent") {
  const BlackHole silent("127.0.0.2", origin().port());
  const double alone = thousand("127.0.0.1").seconds;
  for (const char* jobs : {"32", "64"}) {
    CAPTURE(jobs);
    const Run run = thousand("127.0.0.2,127.0.0.1", {"-j", jobs});
    CHECK(run.seconds < alone + 3);
  }
}

TEST_CASE(
    "addresses: over TLS and HTTP/2, an address that is silent or resets the handshake is left for the next "
    "one") {
  const WireServer nginx;
  const BlackHole silent("127.0.0.3", std::stoi(nginx.port()));
  const ResettingServer resets("127.0.0.4", std::stoi(nginx.port()));
  std::string list;
  for (int i = 0; i < 50; ++i) list += nginx.url("wire.test") + std::to_string(i) + "\n";
  for (const char* dead : {"127.0.0.3", "127.0.0.4"}) {
    for (const char* version : {"--http1.1", "--http2"}) {
      CAPTURE(dead);
      CAPTURE(version);
      const Run run = get({version, "--cacert", nginx.certificate(), "--retry", "0", "--resolve",
                           "wire.test:" + nginx.port() + ":" + dead + ",127.0.0.1", "-i", "-"},
                          list);
      CHECK(run.ok == 50);
      CHECK(run.codes.empty());
      CHECK(run.seconds < 6);
    }
  }
  CHECK(resets.connections() > 0);
}

TEST_CASE("addresses: a host of --connect-to, or a proxy of -x, may have dead addresses, too") {
  const BlackHole silent("127.0.0.2", origin().port());
  const auto led = one({"--connect-to", "some.test:80:other.test:" + port(), "--resolve",
                        fixed("other.test", "127.0.0.3,127.0.0.2,127.0.0.1"), "http://some.test/ok"});
  CHECK(led.text("outcome") == "ok");
  CHECK(led.number("num_retries") == 0);

  const ProxyServer proxy;
  const std::string at = proxy.url().substr(proxy.url().rfind(':') + 1);
  for (const char* scheme : {"http", "socks5h", "socks5"}) {
    CAPTURE(scheme);
    const auto proxied = one({"-x", std::string(scheme) + "://proxy.test:" + at, "--resolve",
                              "proxy.test:" + at + ":127.0.0.3,127.0.0.1", "--resolve",
                              fixed("some.test", "127.0.0.1"), url("some.test")});
    CHECK(proxied.text("outcome") == "ok");
    CHECK(proxied.number("num_retries") == 0);
  }
}

TEST_CASE(
    "addresses: --resolve works together with -x for hosts of --noproxy, and together with --connect-to") {
  const auto direct = one({"-x", "http://127.0.0.9:1", "--noproxy", "nobody.test, .some.test", "--resolve",
                           fixed("www.some.test", "127.0.0.3,127.0.0.1"), url("www.some.test")});
  CHECK(direct.text("outcome") == "ok");
  const auto by_address = one({"-x", "http://127.0.0.9:1", "--noproxy", "127.0.0.0/8", url("127.0.0.1")});
  CHECK(by_address.text("outcome") == "ok");
  const auto beside = one({"--connect-to", "other.test:80:127.0.0.9:1", "--resolve",
                           fixed("some.test", "127.0.0.1"), url("some.test")});
  CHECK(beside.text("outcome") == "ok");
}

TEST_CASE(
    "addresses: localhost and names that end in .localhost are the loopback, unless --resolve says "
    "otherwise") {
  for (const char* host : {"localhost", "some.localhost", "a.b.localhost", "localhost."}) {
    CAPTURE(host);
    CHECK(one({url(host)}).text("remote_ip") == "127.0.0.1");
  }
  const OriginProcess other({"--host", "127.0.0.2", "--port", port()});
  CHECK(one({"--resolve", fixed("some.localhost", "127.0.0.2"), url("some.localhost")}).text("remote_ip") ==
        "127.0.0.2");
}

TEST_CASE("addresses: localhost has IPv6, too, and -4 or -6 asks for one family alone") {
  if (!can_ipv6()) {
    MESSAGE("no IPv6 here: not tested");
    return;
  }
  const OriginProcess both({"--host", "::1", "--host", "127.0.0.1"});
  const std::string at = ":" + std::to_string(both.port()) + "/ok";
  CHECK(one({"-6", "http://localhost" + at}).text("remote_ip") == "::1");
  CHECK(one({"-4", "http://localhost" + at}).text("remote_ip") == "127.0.0.1");
  const OriginProcess six({"--host", "::1"});
  CHECK(one({"http://some.localhost:" + std::to_string(six.port()) + "/ok"}).text("remote_ip") == "::1");
}

TEST_CASE("addresses: a host without an address of the wanted family fails at once and says so") {
  const std::vector<std::vector<std::string>> asked{
      {"-6", "--resolve", fixed("four.test", "127.0.0.1"), url("four.test")},
      {"-6", url("127.0.0.1")},
      {"-4", url("[::1]")},
      {"-4", "--resolve", fixed("six.test", "::1"), url("six.test")},
  };
  for (const auto& words : asked) {
    CAPTURE(words.back());
    const auto line = one(words);
    CHECK(line.error_code() == "dns_failed");
    CHECK_FALSE(line["error"]["retryable"].GetBool());
    CHECK(line["error"]["attempts"].GetInt() == 1);
    const std::string message = line["error"]["message"].GetString();
    CHECK_MESSAGE(message.find(words.front() == "-6" ? "has no IPv6 address" : "has no IPv4 address") !=
                      std::string::npos,
                  message);
  }
}

TEST_CASE("addresses: bench spreads its connections over the addresses that are alive") {
  const OriginProcess other({"--host", "127.0.0.2", "--port", port()});
  const auto connections_at = [](const char* address) {
    const auto line =
        only_line(run_leat({"get", "-q", "--include", "body", "--resolve", fixed("some.test", address),
                            "http://some.test:" + port() + "/stats?paths=0"}));
    const std::string body = line.text("body");
    return std::stoi(body.substr(body.find("\"accepted\":") + 11));
  };
  for (const char* driver : {"fast", "--full"}) {
    CAPTURE(driver);
    for (const char* threads : {"1", "2"}) {
      CAPTURE(threads);
      const int first = connections_at("127.0.0.1");
      const int second = connections_at("127.0.0.2");
      std::vector<std::string> words{"bench", "-q", "-c", "8", "-n", "800", "--threads", threads};
      words.insert(words.end(), {"--resolve", fixed("some.test", "127.0.0.3,127.0.0.1,127.0.0.2")});
      if (std::string(driver) == "--full") words.push_back(driver);
      words.push_back(url("some.test"));
      CHECK(run_leat(words).status == 0);
      // One more of each for the question itself.
      const int to_first = connections_at("127.0.0.1") - first - 1;
      const int to_second = connections_at("127.0.0.2") - second - 1;
      CHECK(to_first + to_second == 8);
      CHECK(to_first >= 2);
      CHECK(to_second >= 2);
    }
  }
}
