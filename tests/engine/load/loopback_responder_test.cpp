#include "engine/load/loopback_responder.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

using leat::load::LoopbackResponder;

namespace {

constexpr const char* kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A connection to the responder.
class Client {
 public:
  explicit Client(const std::string& url) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    REQUIRE(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { close(fd_); }

  void say(const std::string& text) const {
    REQUIRE(send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
  }
  [[nodiscard]] std::string hear(std::size_t size) const {
    std::string text(size, '\0');
    REQUIRE(recv(fd_, text.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size));
    return text;
  }
  [[nodiscard]] bool is_closed() const {
    char byte = 0;
    return recv(fd_, &byte, 1, 0) <= 0;
  }

 private:
  int fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

}  // namespace

TEST_CASE(
    "LoopbackResponder: it answers each request once, however its bytes are cut, and pipelined requests in "
    "turn") {
  const auto responder = LoopbackResponder::start();
  REQUIRE(responder.ok());
  const Client client(responder.value()->url());
  const std::string one = kAnswer;
  client.say("GET / HTTP/1.1\r\nHost: h\r\n\r");
  client.say("\n");
  CHECK(client.hear(one.size()) == one);
  client.say("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n");
  CHECK(client.hear(2 * one.size()) == one + one);
}

TEST_CASE("LoopbackResponder: when it ends, it closes all connections") {
  auto responder = LoopbackResponder::start();
  REQUIRE(responder.ok());
  const Client client(responder.value()->url());
  client.say("GET / HTTP/1.1\r\n\r\n");
  (void)client.hear(std::string(kAnswer).size());
  responder.value().reset();
  CHECK(client.is_closed());
}
