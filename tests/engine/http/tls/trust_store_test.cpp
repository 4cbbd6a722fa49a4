#include "engine/http/tls/trust_store.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "engine/async/task.hpp"
#include "engine/http/client.hpp"
#include "tests/support/tls_server.hpp"

using leat::Errc;
using leat::Result;
using leat::Status;
using leat::tests::TlsServer;
using namespace leat::async;
using namespace leat::http;

namespace {

class NoSink final : public BodySink {
 public:
  Status begin(const ResponseHead&) override { return std::nullopt; }
  Status write(std::string_view) override { return std::nullopt; }
};

Task<Result<Response>> perform(EventLoop& loop, ClientOptions options, std::string url) {
  Client client(loop, std::move(options));
  const Request request(std::move(url));
  NoSink sink;
  auto performing = client.perform(request, sink);
  co_return co_await std::move(performing);
}

Result<Response> get(const TlsServer& server, const ClientOptions& options) {
  EventLoop loop;
  return loop.run(perform(loop, options, server.url()));
}

}  // namespace

TEST_CASE("TrustStore: only a certificate that is in it is trusted") {
  const TlsServer server;
  const TlsServer other;
  ClientOptions options;
  options.wire.ca_file = server.certificate();
  auto trusted = get(server, options);
  REQUIRE(trusted.ok());
  CHECK(trusted->head.status == 200);
  CHECK(trusted->time_appconnect > 0);
  const auto refused = get(other, options);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Errc::tls_untrusted);
}

TEST_CASE(
    "TrustStore: a certificate that somebody just made is not among the system's, and --insecure accepts "
    "it") {
  const TlsServer server;
  const auto refused = get(server, ClientOptions());
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Errc::tls_untrusted);
  CHECK(refused.error().message.find("self-signed certificate") != std::string::npos);
  ClientOptions insecure;
  insecure.insecure = true;
  CHECK(get(server, insecure).ok());
}

TEST_CASE("TrustStore: a file that can't be read is an error of each transfer") {
  const TlsServer server;
  ClientOptions options;
  options.wire.ca_file = "/nowhere/at/all";
  const auto result = get(server, options);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == Errc::tls_failed);
}
