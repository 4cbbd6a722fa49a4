#pragma once

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/http/tls/wire.hpp"
#include "engine/io/fd.hpp"

namespace leat::tests {

/// The two ends of a connection over the loopback.
struct LoopbackPair {
  using Time = std::chrono::nanoseconds;  // of day

  LoopbackPair() {
    const io::Fd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listener.get(), generic, size) == 0);
    REQUIRE(listen(listener.get(), 1) == 0);
    REQUIRE(getsockname(listener.get(), generic, &size) == 0);
    io::Fd near(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(connect(near.get(), generic, size) == 0);
    wire = http::Wire(std::move(near));
    far = io::Fd(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    REQUIRE(far.get() >= 0);
  }

  static Time time_of_day() { return std::chrono::system_clock::now().time_since_epoch(); }

  /// When the sending began, and when the bytes were there to be read.
  std::pair<Time, Time> send_to_wire(std::string_view bytes) const {
    const Time began = time_of_day();
    REQUIRE(send(far.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
    pollfd ready{wire.fd(), POLLIN, 0};
    REQUIRE(poll(&ready, 1, 10000) == 1);
    return {began, time_of_day()};
  }

  http::Wire wire;
  io::Fd far;
};

/// Makes sure that the kernel stamps what arrives, for as long as this lives. Stamping begins some time after
/// the first socket has asked for it, and ends with the last one.
class KernelStamps {
 public:
  KernelStamps() {
    pair_.wire.stamp_arrivals();
    std::array<char, 8> buffer{};
    for (std::optional<LoopbackPair::Time> arrived; !arrived;) {
      pair_.send_to_wire("now?");
      REQUIRE(pair_.wire.receive_stamped(buffer.data(), buffer.size(), arrived) == 4);
    }
  }

 private:
  LoopbackPair pair_;
};

}  // namespace leat::tests
