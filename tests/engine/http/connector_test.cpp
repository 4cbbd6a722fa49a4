#include "engine/http/connector.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/black_hole.hpp"
#include "tests/support/origin_process.hpp"

using leat::Result;
using leat::tests::BlackHole;
using leat::tests::OriginProcess;
using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

// A server on two addresses with one port.
const OriginProcess& origin() {
  static const OriginProcess process({"--host", "127.0.0.1", "--host", "127.0.0.2"});
  return process;
}

ConnectorOptions options_of(std::vector<std::string> addresses) {
  ConnectorOptions options;
  options.names.lookup = [addresses = std::move(addresses)](const std::string&) -> Result<Addresses> {
    Addresses found;
    found.v4 = addresses;
    return found;
  };
  return options;
}

std::string peer_of(const Wire& wire) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  std::array<char, INET_ADDRSTRLEN> text{};
  if (getpeername(wire.fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) return "none";
  return inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
}

struct Made {
  Made() = default;
  std::string peer;  // or the error's code
  Wire wire;
};

Task<Made> connect(Connector& connector) {
  auto connecting = connector.connect("http://some.test:" + std::to_string(origin().port()) + "/");
  auto connected = co_await std::move(connecting);
  Made made;
  made.peer = connected.ok() ? peer_of(connected->wire) : std::string(to_string(connected.error().code));
  if (connected.ok()) made.wire = std::move(connected->wire);
  co_return made;
}

using Count = std::map<std::string, int>;

// Makes that many connections at once and counts how many go where.
Task<Count> spread(EventLoop& loop, ConnectorOptions options, int count) {
  Connector connector(loop, std::move(options));
  std::vector<TaskHandle<Made>> tasks;
  for (int i = 0; i < count; ++i) tasks.push_back(spawn(connect(connector)));
  Count all;
  for (auto& task : tasks) {
    const Made made = co_await task;
    ++all[made.peer];
  }
  co_return all;
}

Count spread_over(std::vector<std::string> addresses, int count) {
  ConnectorOptions options = options_of(std::move(addresses));
  options.names.spread = 0;
  EventLoop loop;
  return loop.run(spread(loop, std::move(options), count));
}

}  // namespace

TEST_CASE("Connector: connections are spread evenly over all addresses of a name") {
  CHECK(spread_over({"127.0.0.1", "127.0.0.2"}, 8) == Count{{"127.0.0.1", 4}, {"127.0.0.2", 4}});
  CHECK(spread_over({"127.0.0.1"}, 4) == Count{{"127.0.0.1", 4}});
}

TEST_CASE("Connector: each thread's share of the connections begins where the one before ended") {
  ConnectorOptions options = options_of({"127.0.0.1", "127.0.0.2"});
  options.names.spread = 3;
  EventLoop loop;
  CHECK(loop.run(spread(loop, std::move(options), 1)) == Count{{"127.0.0.2", 1}});
}

TEST_CASE("Connector: no connection is lost to an address that refuses or is silent") {
  const Count refused = spread_over({"127.0.0.3", "127.0.0.1", "127.0.0.2"}, 9);
  CHECK(refused.size() == 2);
  CHECK(refused.at("127.0.0.1") + refused.at("127.0.0.2") == 9);
  const BlackHole silent("127.0.0.3", origin().port());
  const auto start = std::chrono::steady_clock::now();
  const Count all = spread_over({"127.0.0.3", "127.0.0.1", "127.0.0.2"}, 9);
  CHECK(std::chrono::steady_clock::now() - start < 3s);
  CHECK(all.size() == 2);
  CHECK(all.at("127.0.0.1") + all.at("127.0.0.2") == 9);
}

TEST_CASE("Connector: if no address gives a connection, that is one failure, with its reason") {
  CHECK(spread_over({"127.0.0.3", "127.0.0.4"}, 2) == Count{{"connect_refused", 2}});
  ConnectorOptions options = options_of({"127.0.0.3", "127.0.0.4"});
  options.timeout = 1s;
  const BlackHole one("127.0.0.3", origin().port());
  const BlackHole two("127.0.0.4", origin().port());
  EventLoop loop;
  CHECK(loop.run(spread(loop, std::move(options), 2)) == Count{{"connect_timeout", 2}});
}
