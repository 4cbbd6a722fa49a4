#include "tests/support/relay.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <utility>
#include <vector>

namespace leat::tests {

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kLook = 5;  // milliseconds between two looks at what is due

struct Late {
  Clock::time_point due;
  std::string bytes;
};

struct Pair {
  int client = -1;
  int server = -1;
  std::deque<Late> late;  // from the client
  bool is_over = false;
};

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// What has come on it; nothing if that is its end.
std::string receive(int fd) {
  std::array<char, 65536> bytes{};
  const ssize_t size = ::recv(fd, bytes.data(), bytes.size(), 0);
  return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

Pair make_pair_to(const std::string& server, int client) {
  Pair pair;
  pair.client = client;
  pair.server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = address_of(server);
  const auto* any = reinterpret_cast<const sockaddr*>(&address);
  pair.is_over = ::connect(pair.server, any, sizeof address) != 0;
  return pair;
}

void pass_on(Pair& pair, short from_client, short from_server, std::chrono::milliseconds delay) {
  if (from_client != 0) {
    std::string bytes = receive(pair.client);
    pair.is_over = bytes.empty();
    pair.late.push_back({Clock::now() + delay, std::move(bytes)});
  }
  if (from_server != 0) {
    const std::string bytes = receive(pair.server);
    if (bytes.empty() || !send_all(pair.client, bytes)) pair.is_over = true;
  }
  while (!pair.late.empty() && pair.late.front().due <= Clock::now()) {
    if (!send_all(pair.server, pair.late.front().bytes)) pair.is_over = true;
    pair.late.pop_front();
  }
}

void close_both(const Pair& pair) {
  ::close(pair.client);
  ::close(pair.server);
}

}  // namespace

Relay::Relay(std::string path, std::string server, std::chrono::milliseconds delay)
    : path_(std::move(path)),
      server_(std::move(server)),
      delay_(delay),
      listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_un address = address_of(path_);
  const auto* any = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(listener_, any, sizeof address) != 0 || ::listen(listener_, 16) != 0)
    throw std::runtime_error("the relay did not start");
  worker_ = std::thread([this] { relay_all(); });
}

Relay::~Relay() {
  ending_ = true;
  worker_.join();
  ::close(listener_);
  ::unlink(path_.c_str());
}

void Relay::relay_all() {
  std::vector<Pair> pairs;
  while (!ending_) {
    if (is_cut_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(kLook));
      continue;
    }
    std::vector<pollfd> watched{{listener_, POLLIN, 0}};
    for (const auto& pair : pairs) {
      watched.push_back({pair.client, POLLIN, 0});
      watched.push_back({pair.server, POLLIN, 0});
    }
    ::poll(watched.data(), watched.size(), kLook);
    for (std::size_t i = 0; i < pairs.size(); ++i)
      pass_on(pairs[i], watched[1 + 2 * i].revents, watched[2 + 2 * i].revents, delay_);
    if (watched.front().revents != 0)
      pairs.push_back(make_pair_to(server_, ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)));
    std::erase_if(pairs, [](const Pair& pair) {
      if (pair.is_over) close_both(pair);
      return pair.is_over;
    });
  }
  for (const auto& pair : pairs) close_both(pair);
}

}  // namespace leat::tests
