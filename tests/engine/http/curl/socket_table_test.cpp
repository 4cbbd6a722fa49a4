#include "engine/http/curl/socket_table.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "engine/async/event_loop.hpp"
#include "engine/io/fd.hpp"

using namespace leat;
using leat::http::SocketTable;

namespace {

sockaddr_in address_of(const char* text, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  REQUIRE(inet_pton(AF_INET, text, &address.sin_addr) == 1);
  return address;
}

bool bind_to(int fd, const sockaddr_in& address) {
  const int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  return bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

int port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  REQUIRE(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return ntohs(address.sin_port);
}

struct Server {
  Server(const char* text, int wanted) : listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    REQUIRE(bind_to(listener.get(), address_of(text, wanted)));
    REQUIRE(listen(listener.get(), 1) == 0);
    port = port_of(listener.get());
    address = address_of(text, port);
  }
  // Gives the client's descriptor. It connects from that port; 0 is any.
  int connect(SocketTable& table, int from) {
    curl_sockaddr wanted{};
    wanted.family = AF_INET;
    wanted.socktype = SOCK_STREAM;
    const int fd = table.open(wanted);
    REQUIRE(bind_to(fd, address_of("127.0.0.1", from)));
    ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    accepted = io::Fd(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    REQUIRE(accepted.get() >= 0);
    return fd;
  }
  io::Fd listener;
  io::Fd accepted;
  int port = 0;
  sockaddr_in address{};
};

}  // namespace

TEST_CASE("SocketTable: connections to two servers from one port are two connections") {
  async::EventLoop loop;
  SocketTable table(loop.uv());
  Server one("127.0.0.1", 0);
  Server two("127.0.0.2", one.port);
  const std::array first{one.connect(table, 0)};
  const int local = port_of(first[0]);
  const std::array second{two.connect(table, local)};
  const auto to_one = SocketTable::ends("127.0.0.1", one.port, local);
  const auto to_two = SocketTable::ends("127.0.0.2", two.port, local);
  table.connected(first, to_one, local);
  table.connected(second, to_two, local);
  CHECK_FALSE(table.has_news(to_one));
  CHECK_FALSE(table.has_news(to_two));
  REQUIRE(send(one.accepted.get(), "x", 1, 0) == 1);
  CHECK(table.has_news(to_one));
  CHECK_FALSE(table.has_news(to_two));
  two.accepted.reset();
  CHECK(table.has_news(to_two));
  table.close(first[0]);
  CHECK_FALSE(table.has_news(to_one));
  CHECK(table.has_news(to_two));
  table.close(second[0]);
}

TEST_CASE("SocketTable: a connection without ports is not known") {
  async::EventLoop loop;
  SocketTable table(loop.uv());
  const auto none = SocketTable::ends("", 0, -1);
  CHECK(none == SocketTable::Ends::none);
  CHECK_FALSE(table.has_news(none));
  CHECK(table.idle_time(none).count() == 0);
}
