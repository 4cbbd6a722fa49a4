// How requests reach their servers: TLS, HTTP/2, proxies, addresses and sockets, as curl's options say.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/proxy_server.hpp"
#include "tests/support/wire_server.hpp"

using namespace leat::tests;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

WireServer& server() {
  static WireServer nginx;
  return nginx;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Got {
  int status;        // exit status
  std::string code;  // of the error
  std::string body;
  std::string http_version;
  std::string out;
  std::string all;  // a part of what it printed
};

Got get(std::vector<std::string> arguments) {
  std::vector<std::string> words{"get", "--retry", "0", "--include", "body"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const auto run = run_leat(words);
  Got got{run.status, "", "", "", run.out, run.out + run.err};
  const auto lines = json_lines(run.out);
  if (lines.empty()) return got;
  got.code = lines[0].error_code();
  got.body = lines[0].has("body") ? lines[0].text("body") : "";
  got.http_version = lines[0].is_null("http_version") ? "" : lines[0].text("http_version");
  return got;
}

Got trusted(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--cacert", server().certificate()});
  return get(std::move(arguments));
}

// Arguments after env(1), as "NAME=value".
Finished run_with(std::vector<std::string> variables, std::vector<std::string> arguments) {
  std::vector<std::string> words{"env"};
  words.insert(words.end(), variables.begin(), variables.end());
  words.emplace_back(LEAT_BINARY);
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run_process(words);
}

std::string at(const std::string& host, const std::string& path) {
  return "http://" + host + ":" + std::to_string(origin().port()) + path;
}

}  // namespace

TEST_CASE("wire: --cacert trusts that certificate and no other") {
  CHECK(trusted({server().url()}).status == 0);
  const auto untrusted = get({server().url()});
  CHECK(untrusted.status == 1);
  CHECK(untrusted.code == "tls_untrusted");
  CHECK(get({"-k", server().url()}).status == 0);
}

TEST_CASE("wire: --capath trusts the certificates in a folder, by their hashes") {
  const TempDir dir;
  write_file(dir / "a.pem", read_file(server().certificate()));
  REQUIRE(run_process({"openssl", "rehash", dir.path()}).status == 0);
  CHECK(get({"--capath", dir.path(), server().url()}).status == 0);
}

TEST_CASE("wire: --cert and --key show the server who asks, and --pass or cert:pass opens a locked key") {
  const auto& nginx = server();
  CHECK(holds(trusted({nginx.url()}).body, "client=\n"));
  CHECK(holds(trusted({"-E", nginx.client_certificate(), "--key", nginx.client_key(), nginx.url()}).body,
              "client=CN=client"));
  CHECK(holds(trusted({"--cert", nginx.client_certificate(), "--key", nginx.locked_client_key(), "--pass",
                       "open sesame", nginx.url()})
                  .body,
              "client=CN=client"));
  CHECK(holds(trusted({"--cert", nginx.client_certificate() + ":open sesame", "--key",
                       nginx.locked_client_key(), nginx.url()})
                  .body,
              "client=CN=client"));
  const auto wrong = trusted(
      {"--cert", nginx.client_certificate() + ":hunter2", "--key", nginx.locked_client_key(), nginx.url()});
  CHECK(wrong.status == 2);
  CHECK(holds(wrong.all, "the pass phrase (not shown) does not open the key"));
  CHECK_FALSE(holds(wrong.all, "hunter2"));
}

TEST_CASE("wire: --pinnedpubkey accepts only that public key, trusted or not") {
  CHECK(get({"-k", "--pinnedpubkey", server().pin(), server().url()}).status == 0);
  const auto other =
      get({"-k", "--pinnedpubkey", "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", server().url()});
  CHECK(other.status == 1);
  CHECK(other.code == "tls_untrusted");
}

TEST_CASE("wire: --tlsv1.3 refuses a server that has at most TLS 1.2, and --tlsv1.2 accepts it") {
  CHECK(trusted({"--tlsv1.2", server().url("127.0.0.2")}).status == 0);
  CHECK(trusted({"--tlsv1.3", server().url("127.0.0.2")}).code == "tls_failed");
  CHECK(holds(trusted({"--tlsv1.3", server().url()}).body, "TLSv1.3"));
}

TEST_CASE("wire: --http2 agrees on HTTP/2 by TLS; without it, and without TLS, it is HTTP/1.1") {
  CHECK(trusted({"--http2", server().url()}).http_version == "2");
  CHECK(holds(trusted({"--http2", server().url()}).body, "HTTP/2.0"));
  CHECK(trusted({server().url()}).http_version == "1.1");
  CHECK(trusted({"--http2", "--http1.1", server().url()}).http_version == "1.1");
  CHECK(get({"--http2", origin().url("/ok")}).http_version == "1.1");
}

TEST_CASE("wire: many transfers at once over HTTP/2 all come back") {
  std::string input;
  for (int i = 0; i < 300; ++i) input += server().url() + std::to_string(i) + "\n";
  const auto run = run_leat({"get", "--http2", "--cacert", server().certificate(), "-j", "20"}, input);
  CHECK(run.status == 0);
  CHECK(lines_of(run.out).size() == 300);
}

TEST_CASE("wire: --resolve and --connect-to send a name to another address, and TLS still checks the name") {
  const auto& nginx = server();
  CHECK(trusted({"--resolve", "wire.test:" + nginx.port() + ":127.0.0.1", nginx.url("wire.test")}).status ==
        0);
  CHECK(trusted({"--resolve", "*:" + nginx.port() + ":[::1]", nginx.url("wire.test")}).body.find(" ::1 ") !=
        std::string::npos);
  CHECK(trusted({"--resolve", "other.test:" + nginx.port() + ":127.0.0.1", nginx.url("other.test")}).code ==
        "tls_untrusted");
  CHECK(trusted({"--connect-to", "wire.test:443:127.0.0.1:" + nginx.port(), "https://wire.test/"}).status ==
        0);
}

TEST_CASE("wire: -4 and -6 use only addresses of that family") {
  const auto& nginx = server();
  const std::vector<std::string> both{"--resolve", "wire.test:" + nginx.port() + ":127.0.0.1,::1",
                                      nginx.url("wire.test")};
  const auto with = [&](const char* option) {
    auto words = both;
    words.insert(words.begin(), option);
    return trusted(words).body;
  };
  CHECK(holds(with("-4"), " 127.0.0.1 "));
  CHECK(holds(with("-6"), " ::1 "));
  const auto none = get({"-6", "--resolve", "four.test:80:127.0.0.1", "http://four.test/"});
  CHECK(none.code == "dns_failed");
  CHECK(holds(none.out, "no IPv6 address"));
}

TEST_CASE("wire: --unix-socket connects to a socket, whatever host the URL names") {
  const auto got = get({"--unix-socket", server().socket(), "http://nosuch.invalid/x"});
  CHECK(got.status == 0);
  CHECK(holds(got.body, "unix:"));
}

TEST_CASE("wire: --interface uses an address of this machine") {
  CHECK(get({"--interface", "127.0.0.1", origin().url("/ok")}).status == 0);
  CHECK(get({"--interface", "nosuchif0", origin().url("/ok")}).status == 1);
}

TEST_CASE("wire: -x goes through an HTTP proxy, which sees no credentials of the server") {
  const ProxyServer proxy;
  const auto got = get({"-x", proxy.url(), at("nosuch.invalid", "/headers/x")});
  CHECK(got.status == 0);
  CHECK(holds(got.body, "nosuch.invalid"));
  REQUIRE(proxy.heads().size() == 1);
  CHECK(proxy.heads()[0].starts_with("GET http://nosuch.invalid:"));
}

TEST_CASE("wire: https goes through a proxy by CONNECT, which shows nothing of the request") {
  const ProxyServer proxy;
  const auto got = trusted({"-x", proxy.url(), "-u", "me:hunter2", "-H", "X-Key: hunter2", "-b", "a=hunter2",
                            server().url("wire.test")});
  CHECK(got.status == 0);
  REQUIRE(proxy.heads().size() == 1);
  CHECK(proxy.heads()[0].starts_with("CONNECT wire.test:"));
  CHECK_FALSE(holds(proxy.heads()[0], "hunter2"));
  CHECK_FALSE(holds(proxy.heads()[0], "bWU6aHVudGVyMg"));
}

TEST_CASE("wire: a proxy's credentials come from its URL or from --proxy-user, and are printed nowhere") {
  const ProxyServer proxy("me:hunter2");
  CHECK(get({"-v", "-x", proxy.url("http", "me:hunter2"), at("a.invalid", "/ok")}).status == 0);
  CHECK(get({"-x", proxy.url(), "--proxy-user", "me:hunter2", at("a.invalid", "/ok")}).status == 0);
  CHECK(trusted({"-x", proxy.url(), "--proxy-user", "me:hunter2", server().url("wire.test")}).status == 0);
  const auto refused = get({"-v", "-x", proxy.url("http", "me:hunter3"), at("a.invalid", "/ok")});
  CHECK(refused.code == "http_status");
  const auto tunnel = trusted({"-v", "-x", proxy.url("http", "me:hunter3"), server().url("wire.test")});
  CHECK(tunnel.status == 1);
  const auto nobody = get({"-v", "-x", "http://me:hunter3@127.0.0.1:1", at("a.invalid", "/ok")});
  CHECK(nobody.code == "connect_refused");
  const auto scheme = get({"-v", "-x", "ftp://me:hunter3@127.0.0.1:1", at("a.invalid", "/ok")});
  CHECK(scheme.status == 2);
  for (const auto& got : {refused, tunnel, nobody, scheme}) CHECK_FALSE(holds(got.all, "hunter"));
}

TEST_CASE("wire: SOCKS5 proxies work, with names looked up here or there, and with credentials") {
  const ProxyServer open;
  CHECK(get({"-x", open.url("socks5h"), at("a.invalid", "/ok")}).status == 0);
  CHECK(open.heads().at(0) == "SOCKS5 a.invalid:" + std::to_string(origin().port()));
  CHECK(get({"-x", open.url("socks5"), origin().url("/ok")}).status == 0);
  const ProxyServer closed("me:hunter2");
  CHECK(get({"-x", closed.url("socks5h", "me:hunter2"), at("a.invalid", "/ok")}).status == 0);
  CHECK(get({"-x", closed.url("socks5h"), at("a.invalid", "/ok")}).status == 1);
}

TEST_CASE(
    "wire: the environment names proxies, --noproxy and NO_PROXY name hosts that need none, and -x \"\" "
    "means none at all") {
  const ProxyServer proxy;
  const std::string url = at("localhost", "/ok");
  const std::string variable = "http_proxy=" + proxy.url();
  CHECK(run_with({variable}, {"get", url}).status == 0);
  CHECK(proxy.heads().size() == 1);
  CHECK(run_with({variable, "no_proxy=localhost"}, {"get", url}).status == 0);
  CHECK(run_with({variable}, {"get", "--noproxy", "*", url}).status == 0);
  CHECK(run_with({variable}, {"get", "-x", "", url}).status == 0);
  CHECK(run_with({"HTTP_PROXY=" + proxy.url()}, {"get", url}).status ==
        0);  // a client of a CGI program could set it
  CHECK(proxy.heads().size() == 1);
  CHECK(run_with({"ALL_PROXY=" + proxy.url()}, {"get", url}).status == 0);
  CHECK(proxy.heads().size() == 2);
  const auto wrong = run_with({"http_proxy=foo://me:hunter2@x"}, {"get", url});
  CHECK(wrong.status == 2);
  CHECK(holds(wrong.err, "http_proxy"));
  CHECK_FALSE(holds(wrong.err, "hunter2"));
}

TEST_CASE("wire: --block-private refuses private addresses however they are named, redirects included") {
  for (const auto& url :
       {origin().url("/ok"), at("localhost", "/ok"), at("127.1", "/ok"), at("2130706433", "/ok"),
        at("[::1]", "/ok"), at("[::ffff:127.0.0.1]", "/ok"), at("0.0.0.0", "/ok"),
        std::string("http://10.0.0.1/"), std::string("http://169.254.169.254/latest/meta-data/")}) {
    CAPTURE(url);
    const auto got = get({"--block-private", "--timeout", "5s", url});
    CHECK(got.status == 1);
    CHECK(got.code == "blocked");
  }
  const auto named =
      get({"--block-private", "--resolve", "inside.test:80:192.168.1.1", "http://inside.test/"});
  CHECK(named.code == "blocked");
}

TEST_CASE("wire: --block-private can't be guaranteed with a proxy or a Unix socket, and says so") {
  CHECK(get({"--block-private", "-x", "http://127.0.0.1:1", origin().url("/ok")}).status == 2);
  CHECK(run_with({"http_proxy=http://127.0.0.1:1"}, {"get", "--block-private", origin().url("/ok")}).status ==
        2);
  CHECK(get({"--block-private", "--unix-socket", server().socket(), origin().url("/ok")}).status == 2);
}

TEST_CASE("wire: options that can't work are refused before anything starts, and named") {
  const std::string url = origin().url("/never");
  for (const auto& given : std::vector<std::pair<std::string, std::string>>{{"--cacert", "/nowhere"},
                                                                            {"--capath", "/nowhere"},
                                                                            {"--key", "/nowhere"},
                                                                            {"--cert", "/nowhere"},
                                                                            {"--cert", "/nowhere:hunter2"},
                                                                            {"--pinnedpubkey", "/nowhere"},
                                                                            {"--cert", "/tmp"},
                                                                            {"--key", "/tmp"},
                                                                            {"--cacert", "/tmp"},
                                                                            {"--netrc-file", "/tmp"},
                                                                            {"--cookie", "/tmp"},
                                                                            {"--netrc-file", "/nowhere"},
                                                                            {"--unix-socket", "/nowhere"},
                                                                            {"--cookie", "/nowhere"},
                                                                            {"--upload-file", "/nowhere"},
                                                                            {"--resolve", "a:b"},
                                                                            {"--resolve", "a:80:b"},
                                                                            {"--connect-to", "a:b"},
                                                                            {"--cookie-jar", "-"},
                                                                            {"--proxy", "http://"}}) {
    CAPTURE(given.first);
    const auto run = run_leat({"get", given.first, given.second, url});
    CHECK(run.status == 2);
    CHECK(holds(run.err, given.first.substr(2)));
    CHECK_FALSE(holds(run.err, "hunter2"));
    CHECK(run.out.empty());
  }
  CHECK(origin().requests_of("/never") == 0);
}

TEST_CASE("wire: errors about options of curl that leat lacks say what to use instead") {
  const auto run = run_leat({"get", "--follow", origin().url("/ok")});
  CHECK(run.status == 2);
  CHECK(holds(run.err, "redirects are followed already"));
  CHECK(holds(run_leat({"get", "--max-time", "3", origin().url("/ok")}).err, "--timeout"));
  CHECK(run_leat({"get", "-s", origin().url("/ok")}).err.empty());
}

TEST_CASE("wire: a spec's fetch takes the same options") {
  const auto& nginx = server();
  const ProxyServer proxy("me:hunter2");
  const std::string spec = "urls " + nginx.url("wire.test") + " | fetch cacert=\"" + nginx.certificate() +
                           "\" http=2 tls=1.3 proxy=\"" + proxy.url() +
                           "\" proxy-user=\"me:hunter2\" cert=\"" + nginx.client_certificate() + "\" key=\"" +
                           nginx.client_key() + "\" | write \"{http_version} {body}\"";
  const auto run = run_leat({"run", spec});
  CHECK(run.status == 0);
  CHECK(holds(run.out, "2 HTTP/2.0 TLSv1.3 127.0.0.1 client=CN=client"));
  const auto blocked = run_leat({"run", "urls " + origin().url("/ok") + " | fetch block-private=true"});
  CHECK(holds(blocked.out, "blocked"));
  CHECK(run_leat({"run", "urls " + origin().url("/ok") + " | fetch cacert=\"/nowhere\""}).status == 2);
}
