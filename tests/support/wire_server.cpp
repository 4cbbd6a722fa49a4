#include "tests/support/wire_server.hpp"

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "tests/support/eventually.hpp"

namespace leat::tests {

namespace {

void run(const std::vector<std::string>& argv) {
  const auto done = run_process(argv);
  if (done.status != 0) throw std::runtime_error(argv[0] + ": " + done.err);
}

void make_certificate(const std::string& name, const std::string& key, const std::string& cert) {
  run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
       "-days", "2", "-subj", "/CN=" + name, "-addext",
       "subjectAltName=IP:127.0.0.1,IP:127.0.0.2,IP:::1,DNS:wire.test", "-keyout", key, "-out", cert});
}

}  // namespace

TempDir& WireServer::with_keys(TempDir& dir) {
  make_certificate("server", dir / "key.pem", dir / "cert.pem");
  make_certificate("client", dir / "client.key", dir / "client.pem");
  run({"openssl", "pkcs8", "-topk8", "-in", dir / "client.key", "-out", dir / "locked.key", "-passout",
       "pass:open sesame"});
  return dir;
}

WireServer::WireServer()
    : process_({std::string(LEAT_SOURCE_DIR) + "/tests/bench/nginx", with_keys(dir_).path(),
                "../support/nginx-wire.conf"}) {
  if (!eventually([this] { return !read_file(dir_ / "nginx.pid").empty(); })) {
    throw std::runtime_error("nginx did not start: " + read_file(dir_ / "error.log"));
  }
  port_ = lines_of(read_file(dir_ / "port")).at(0);
}

WireServer::~WireServer() {
  process_.signal(SIGTERM);
  process_.wait();
}

std::string WireServer::pin() const {
  const auto pin = run_process({"sh", "-c",
                                "openssl x509 -in \"$0\" -pubkey -noout | openssl pkey -pubin -outform der | "
                                "openssl dgst -sha256 -binary | openssl base64",
                                certificate()});
  return "sha256//" + lines_of(pin.out).at(0);
}

}  // namespace leat::tests
