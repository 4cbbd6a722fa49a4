// Certificates that are not to be trusted, and HTTP/2 servers that send a client away: see tests/e2e/faults,
// Status, DNS, TLS, and Headers and time.
#include <doctest/doctest.h>
#include <signal.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/one_fetch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

using Words = std::vector<std::string>;

void openssl(Words words) {
  words.insert(words.begin(), "openssl");
  const auto run = run_process(words);
  if (run.status != 0) throw std::runtime_error(words[1] + ": " + run.err);
}

/// A root, an intermediate authority below it, and the certificates that they sign, all in one directory.
class Authority {
 public:
  Authority() {
    Words words{"req", "-x509",   "-subj",           "/CN=root", "-days",
                "2",   "-keyout", dir_ / "root.key", "-out",     dir_ / "root.pem"};
    add_key(words);
    openssl(words);
    sign("middle", "root", "basicConstraints=critical,CA:TRUE");
  }
  /// Makes NAME.pem and NAME.key.
  void sign(const std::string& name, const std::string& by, const std::string& extension) {
    request(name, extension);
    openssl({"x509", "-req", "-in", dir_ / (name + ".csr"), "-CA", dir_ / (by + ".pem"), "-CAkey",
             dir_ / (by + ".key"), "-CAcreateserial", "-days", "2", "-extfile", dir_ / "extension", "-out",
             dir_ / (name + ".pem")});
  }
  /// The same of a certificate whose time is over. `openssl x509` of 3.5 makes none.
  void sign_expired(const std::string& name, const std::string& by, const std::string& extension) {
    request(name, extension);
    write_file(dir_ / "index", "");
    write_file(dir_ / "ca.conf", "[ca]\ndefault_ca = it\n[it]\ndatabase = " + (dir_ / "index") +
                                     "\nnew_certs_dir = " + (dir_ / "") +
                                     "\nrand_serial = yes\ndefault_md = sha256\npolicy = names\n"
                                     "[names]\ncommonName = supplied\n");
    openssl({"ca", "-batch", "-notext", "-config", dir_ / "ca.conf", "-cert", dir_ / (by + ".pem"),
             "-keyfile", dir_ / (by + ".key"), "-startdate", "20240101000000Z", "-enddate", "20240102000000Z",
             "-extfile", dir_ / "extension", "-in", dir_ / (name + ".csr"), "-out", dir_ / (name + ".pem")});
  }
  [[nodiscard]] std::string root() const { return dir_ / "root.pem"; }
  [[nodiscard]] std::string file(const std::string& name) const { return dir_ / name; }

 private:
  // Makes NAME.csr and NAME.key, and the file of extensions that its signer wants.
  void request(const std::string& name, const std::string& extension) {
    write_file(dir_ / "extension", extension + "\n");
    Words words{
        "req", "-subj", "/CN=" + name, "-keyout", dir_ / (name + ".key"), "-out", dir_ / (name + ".csr")};
    add_key(words);
    openssl(words);
  }
  static void add_key(Words& words) {
    words.insert(words.end(), {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"});
  }

  TempDir dir_;
};

/// A program that prints "PREFIX PORT" once one can connect to it.
std::string port_said_by(Process& process, const std::string& prefix) {
  while (const auto line = process.read_line()) {
    if (line->starts_with(prefix)) return line->substr(prefix.size());
  }
  throw std::runtime_error("the server did not start");
}

}  // namespace

TEST_CASE(
    "trust: an expired, a self-signed, another host's and an incomplete chain's certificate are "
    "tls_untrusted") {
  Authority authority;
  const std::string here = "subjectAltName=IP:127.0.0.1";
  authority.sign("good", "root", here);
  authority.sign_expired("expired", "root", here);
  authority.sign("elsewhere", "root", "subjectAltName=IP:127.0.0.2,DNS:localhost");
  authority.sign("chained", "middle", here);
  for (const std::string name : {"good", "expired", "elsewhere", "chained", "self-signed"}) {
    CAPTURE(name);
    const bool self_signed = name == "self-signed";
    const std::string shown = self_signed ? "good" : name;
    Process server({"openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert",
                    authority.file(shown + ".pem"), "-key", authority.file(shown + ".key")});
    const std::string url = "https://127.0.0.1:" + port_said_by(server, "ACCEPT 127.0.0.1:") + "/";
    Words options{"--retry", "3"};
    if (!self_signed) options.insert(options.end(), {"--cacert", authority.root()});
    const OneFetch got(url, options);
    if (name == "good") {
      CHECK(got.outcome() == "ok");
      continue;
    }
    CHECK(got.code() == "tls_untrusted");
    CHECK(got.attempts() == 1);
    CHECK(got.files().empty());
  }
}

TEST_CASE(
    "trust: an HTTP/2 server that sends GOAWAY, with or without a reason, is tried again as often as --retry "
    "says") {
  Authority authority;
  authority.sign("good", "root", "subjectAltName=IP:127.0.0.1");
  for (const std::string reason : {"0", "11"}) {  // no reason; ENHANCE_YOUR_CALM
    CAPTURE(reason);
    Process server({"python3", std::string(LEAT_SOURCE_DIR) + "/tests/support/goaway_server.py",
                    authority.file("good.pem"), authority.file("good.key"), reason});
    const std::string url = "https://127.0.0.1:" + port_said_by(server, "port ") + "/x";
    const OneFetch got(url, {"--http2", "--cacert", authority.root(), "--retry", "2"});
    CHECK(got.code() == "reset");
    CHECK(got.attempts() == 3);
    CHECK(got.files().empty());
    for (int i = 0; i < 3; ++i) CHECK(server.read_line() == "connection");
    server.signal(SIGTERM);
    CHECK(server.wait().out.empty());
  }
}
