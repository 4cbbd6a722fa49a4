// Proxies that refuse, fail or send nonsense: what is final, what may pass, and whose failure it is.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/one_fetch.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/proxy_server.hpp"
#include "tests/support/scripted_server.hpp"

using namespace leat::tests;

namespace {

// What a proxy answers to CONNECT, by the name of the host.
OneFetch through(const ScriptedServer& proxy, const std::string& host, const std::string& retries = "2") {
  return OneFetch("https://" + host + "/", {"-x", proxy.url(""), "--retry", retries});
}

bool is_retryable(const OneFetch& got) { return got.line()["error"]["retryable"].GetBool(); }

}  // namespace

TEST_CASE("proxy: a refusal of CONNECT is final, and the result has its status") {
  const ScriptedServer proxy({
      {"a407.test:443",
       "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
       "Content-Length: 0\r\n\r\n"},
      {"a403.test:443", "HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nforbid"},
      {"a302.test:443",
       "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login\r\nContent-Length: 0\r\n\r\n"},
      {"a500.test:443", "HTTP/1.1 500 Internal Server Error\r\n\r\n"},
  });
  for (const int status : {407, 403, 302, 500}) {
    const std::string host = "a" + std::to_string(status) + ".test";
    CAPTURE(host);
    const OneFetch got = through(proxy, host);
    CHECK(got.code() == "connect_failed");
    CHECK(got.attempts() == 1);
    CHECK_FALSE(is_retryable(got));
    CHECK(got.line().number("status") == status);
    CHECK(got.line().error_message().find("the proxy refused the tunnel (CONNECT): HTTP " +
                                          std::to_string(status)) == 0);
    CHECK(proxy.requests_of(host + ":443") == 1);
  }
}

TEST_CASE("proxy: 502, 503 and 504 to CONNECT may pass, and are tried again") {
  const ScriptedServer proxy({{"a502.test:443", "HTTP/1.1 502 Bad Gateway\r\n\r\n"},
                              {"a503.test:443", "HTTP/1.1 503 Service Unavailable\r\n\r\n"},
                              {"a504.test:443", "HTTP/1.1 504 Gateway Timeout\r\n\r\n"}});
  for (const int status : {502, 503, 504}) {
    const OneFetch got = through(proxy, "a" + std::to_string(status) + ".test", "1");
    CHECK(got.code() == "connect_failed");
    CHECK(is_retryable(got));
    CHECK(got.attempts() == 2);
    CHECK(got.line().number("status") == status);
  }
}

TEST_CASE("proxy: an answer to CONNECT that is too large, missing or no HTTP is named, and final") {
  std::string fields;
  for (int i = 0; i < 10'000; ++i) fields += "X-Field: " + std::string(60, 'a') + "\r\n";
  const ScriptedServer proxy({
      {"large.test:443", "HTTP/1.1 200 OK\r\nX-Long: " + std::string(200'000, 'a') + "\r\n\r\n"},
      {"many.test:443", "HTTP/1.1 200 OK\r\n" + fields + "\r\n"},
      {"none.test:443", ""},
      {"garbage.test:443", "hello\r\n\r\n"},
      {"half.test:443", "HTTP/1.1 200 OK\r\nX-Cut: "},
  });
  CHECK(through(proxy, "large.test").code() == "header_too_large");
  CHECK(through(proxy, "many.test").code() == "header_too_large");
  for (const std::string host : {"none.test", "garbage.test", "half.test"}) {
    CAPTURE(host);
    const OneFetch got = through(proxy, host);
    CHECK(got.code() == "bad_response");
    CHECK(got.attempts() == 1);
  }
}

TEST_CASE("proxy: a name that a SOCKS proxy can't find is dns_failed, and other replies are named") {
  ProxyServer proxy;
  const auto get = [&proxy](const std::string& scheme) {
    return OneFetch("http://nosuch.test:8000/", {"-x", proxy.url(scheme)});
  };
  proxy.refuse_socks(4);
  CHECK(get("socks5h").code() == "dns_failed");
  CHECK(OneFetch("http://127.0.0.9:8000/", {"-x", proxy.url("socks5")}).code() == "connect_failed");
  proxy.refuse_socks(5);
  CHECK(get("socks5h").code() == "connect_refused");
  proxy.refuse_socks(3);
  const OneFetch unreachable = get("socks5h");
  CHECK(unreachable.code() == "connect_failed");
  CHECK(is_retryable(unreachable));
  proxy.refuse_socks(2);
  const OneFetch forbidden = get("socks5h");
  CHECK(forbidden.code() == "connect_failed");
  CHECK_FALSE(is_retryable(forbidden));
  proxy.refuse_socks(91);
  CHECK(get("socks4a").code() == "dns_failed");
  CHECK(proxy.heads().back() == "SOCKS4 nosuch.test:8000");
}

TEST_CASE("proxy: a SOCKS4a proxy looks the name up") {
  const OriginProcess origin;
  const ProxyServer proxy;
  const std::string port = origin.url("").substr(origin.url("").rfind(':'));
  CHECK(OneFetch("http://named.test" + port + "/ok", {"-x", proxy.url("socks4a")}).outcome() == "ok");
}
