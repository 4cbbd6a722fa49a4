// How TLS connections end, and what that means for the body: RFC 9112, 9.8, and RFC 8446, 6.1.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/one_fetch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

/// Runs tls_end_server.py, with a certificate of its own, for as long as this lives.
class TlsEndServer {
 public:
  TlsEndServer()
      : process_({"python3", std::string(LEAT_SOURCE_DIR) + "/tests/support/tls_end_server.py",
                  make_certificate(dir_), dir_ / "key.pem"}) {
    const auto line = process_.read_line();
    if (!line || !line->starts_with("port ")) throw std::runtime_error("tls_end_server.py did not start");
    port_ = line->substr(5);
  }
  [[nodiscard]] std::string url(const std::string& path) const { return "https://127.0.0.1:" + port_ + path; }
  [[nodiscard]] std::string certificate() const { return dir_ / "cert.pem"; }

 private:
  static std::string make_certificate(const TempDir& dir) {
    const auto made =
        run_process({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                     "-nodes", "-days", "2", "-subj", "/CN=leat test", "-addext",
                     "subjectAltName=IP:127.0.0.1", "-keyout", dir / "key.pem", "-out", dir / "cert.pem"});
    if (made.status != 0) throw std::runtime_error("openssl req: " + made.err);
    return dir / "cert.pem";
  }

  TempDir dir_;
  Process process_;
  std::string port_;
};

}  // namespace

TEST_CASE("close_notify: a body without a length that ends with it is ok and verified") {
  const TlsEndServer server;
  const std::vector<std::vector<std::string>> ways{{"-k"}, {"--cacert", server.certificate()}};
  for (const auto& way : ways) {
    const OneFetch got(server.url("/notify"), way);
    CHECK(got.outcome() == "ok");
    CHECK(got.content("notify") == "hello");
    CHECK_FALSE(got.line().has("length_verified"));
  }
}

TEST_CASE("close_notify: a body without a length that ends without it is truncated, and leaves no file") {
  const TlsEndServer server;
  const std::vector<std::vector<std::string>> ways{{"-k"}, {"--cacert", server.certificate()}};
  for (const auto& way : ways) {
    const OneFetch got(server.url("/cut"), way);
    CHECK(got.code() == "truncated");
    CHECK(got.line().number("status") == 200);
    CHECK(got.line()["error"]["retryable"].GetBool());
    CHECK(got.files().empty());
  }
  const OneFetch reset(server.url("/reset"), {"-k"});
  CHECK((reset.code() == "reset" || reset.code() == "truncated"));
  CHECK(reset.files().empty());
}

TEST_CASE("close_notify: a body with a length is complete without it, even if a reset follows") {
  const TlsEndServer server;
  for (const std::string path : {"/length/notify", "/length/cut", "/length/reset"}) {
    CAPTURE(path);
    std::string list;
    for (int i = 0; i < 40; ++i) list += server.url(path) + "\n";
    const auto run = run_leat({"get", "-q", "-k", "--retry", "0", "-j", "8", "-i", "-"}, list);
    for (const auto& line : json_lines(run.out)) {
      CAPTURE(line.error_message());
      CHECK(line.text("outcome") == "ok");
    }
    CHECK(run.status == 0);
  }
}

TEST_CASE(
    "close_notify: bench counts a body that ends without it as truncated, and one that ends with it as ok") {
  const TlsEndServer server;
  for (const std::vector<std::string>& driver : {std::vector<std::string>{}, {"--full"}}) {
    for (const std::string path : {"/notify", "/cut"}) {
      CAPTURE(path);
      std::vector<std::string> words{"bench", "-k", "-n", "20", "-c", "2", "--format", "json"};
      words.insert(words.end(), driver.begin(), driver.end());
      words.push_back(server.url(path));
      const auto run = run_leat(words);
      const JsonLine document(run.out);
      const auto& totals = document["totals"];
      CHECK(totals["ok"].GetInt() == (path == "/cut" ? 0 : 20));
      CHECK(totals["failed"].GetInt() == (path == "/cut" ? 20 : 0));
      CHECK(document["by_error"].HasMember("truncated") == (path == "/cut"));
    }
  }
}
