#include "tests/support/proxy_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>

namespace leat::tests {

namespace {

constexpr int kTick = 50;  // milliseconds between two checks whether the server ends

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

std::string base64(const std::string& text) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      word = word << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k > text.size() ? '=' : kDigits[word >> (18 - 6 * k) & 63];
    }
  }
  return out;
}

void send_all(int fd, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const auto n = ::send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return;
    sent += static_cast<std::size_t>(n);
  }
}

std::optional<std::string> receive(int fd, std::size_t size) {
  std::string text(size, '\0');
  if (::recv(fd, text.data(), size, MSG_WAITALL) != static_cast<::ssize_t>(size)) return std::nullopt;
  return text;
}

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

ProxyServer::ProxyServer(std::string userpwd)
    : userpwd_(std::move(userpwd)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool ready = ::bind(listener_, generic, size) == 0 && ::listen(listener_, 64) == 0 &&
                     ::getsockname(listener_, generic, &size) == 0;
  if (!ready) throw std::runtime_error("no proxy could be made");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ProxyServer::~ProxyServer() {
  ending_ = true;
  acceptor_.join();
  for (auto& client : clients_) client.join();
  ::close(listener_);
}

std::string ProxyServer::url(const std::string& scheme, const std::string& userpwd) const {
  return scheme + "://" + userpwd + (userpwd.empty() ? "" : "@") + "127.0.0.1:" + std::to_string(port_);
}

std::vector<std::string> ProxyServer::heads() const {
  const std::lock_guard lock(mutex_);
  return heads_;
}

void ProxyServer::note(std::string head) {
  const std::lock_guard lock(mutex_);
  heads_.push_back(std::move(head));
}

void ProxyServer::accept_all() {
  while (!ending_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, kTick) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) clients_.emplace_back([this, client] { serve(client); });
  }
}

void ProxyServer::serve(int client) {
  std::string start;
  while (!ending_) {
    pollfd waiting{client, POLLIN, 0};
    if (::poll(&waiting, 1, kTick) <= 0) continue;
    char byte = 0;
    if (::recv(client, &byte, 1, 0) != 1) break;
    start += byte;
    if (start == "\x05") {
      serve_socks(client);
      break;
    }
    if (start == "\x04") {
      serve_socks4(client);
      break;
    }
    if (start.ends_with("\r\n\r\n")) {
      serve_http(client, std::exchange(start, ""));
      break;
    }
  }
  ::close(client);
}

// Sends what comes on one to the other, until one of them has ended.
static void relay(int a, int b, const std::atomic<bool>& ending) {
  while (!ending) {
    pollfd waiting[2]{{a, POLLIN, 0}, {b, POLLIN, 0}};
    if (::poll(waiting, 2, kTick) <= 0) continue;
    for (int i = 0; i < 2; ++i) {
      if (waiting[i].revents == 0) continue;
      char buffer[16384];
      const auto n = ::recv(waiting[i].fd, buffer, sizeof buffer, 0);
      if (n <= 0) return;
      send_all(i == 0 ? b : a, std::string(buffer, static_cast<std::size_t>(n)));
    }
  }
}

// Takes one request for each connection, unless it is a tunnel.
void ProxyServer::serve_http(int client, std::string head) {
  note(head);
  const std::string wanted = "proxy-authorization: basic " + lower(base64(userpwd_)) + "\r\n";
  if (!userpwd_.empty() && lower(head).find(wanted) == std::string::npos) {
    send_all(client,
             "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
             "Content-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  const bool tunnel = head.starts_with("CONNECT ");
  const auto first = head.find(' ') + 1;
  const auto authority = tunnel ? first : head.find("://", first) + 3;
  const auto end = head.find_first_of("/ ", authority);
  const std::string host_port = head.substr(authority, end - authority);
  const auto colon = host_port.rfind(':');
  const int port = colon == std::string::npos ? 80 : std::stoi(host_port.substr(colon + 1));
  const int server = connect_to(port);
  if (server < 0) {
    send_all(client, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  if (tunnel) {
    send_all(client, "HTTP/1.1 200 Connected\r\n\r\n");
  } else {
    const std::string path = head.substr(end, head.find(' ', end) - end);
    std::string request =
        head.substr(0, first) + (path.empty() ? "/" : path) + head.substr(head.find(' ', end));
    const auto secret = lower(request).find("proxy-authorization:");
    if (secret != std::string::npos) request.erase(secret, request.find("\r\n", secret) + 2 - secret);
    request.insert(request.size() - 2, "Connection: close\r\n");
    send_all(server, request);
  }
  relay(client, server, ending_);
  ::close(server);
}

// RFC 1928 and 1929.
void ProxyServer::serve_socks(int client) {
  const auto count = receive(client, 1);
  if (!count || !receive(client, static_cast<unsigned char>((*count)[0]))) return;
  if (userpwd_.empty()) {
    send_all(client, std::string("\x05\x00", 2));
  } else {
    send_all(client, "\x05\x02");
    const auto user_size = receive(client, 2);
    if (!user_size) return;
    const auto user = receive(client, static_cast<unsigned char>((*user_size)[1]));
    const auto size = receive(client, 1);
    const auto password = size ? receive(client, static_cast<unsigned char>((*size)[0])) : std::nullopt;
    const bool right = user && password && *user + ":" + *password == userpwd_;
    send_all(client, std::string("\x01", 1) + (right ? '\0' : '\1'));
    if (!right) return;
  }
  const auto request = receive(client, 4);
  if (!request) return;
  std::string host = "an address";
  if ((*request)[3] == 3) {
    const auto size = receive(client, 1);
    const auto name = size ? receive(client, static_cast<unsigned char>((*size)[0])) : std::nullopt;
    if (!name) return;
    host = *name;
  } else if (!receive(client, (*request)[3] == 1 ? 4 : 16)) {
    return;
  }
  const auto port_bytes = receive(client, 2);
  if (!port_bytes) return;
  const int port =
      static_cast<unsigned char>((*port_bytes)[0]) << 8 | static_cast<unsigned char>((*port_bytes)[1]);
  note("SOCKS5 " + host + ":" + std::to_string(port));
  if (refusal_ != 0) {
    send_all(client,
             std::string("\x05", 1) + static_cast<char>(refusal_) + std::string("\x00\x01\0\0\0\0\0\0", 8));
    return;
  }
  const int server = connect_to(port);
  send_all(client,
           std::string("\x05", 1) + (server < 0 ? '\5' : '\0') + std::string("\x00\x01\0\0\0\0\0\0", 8));
  if (server < 0) return;
  relay(client, server, ending_);
  ::close(server);
}

// If there is a name, it follows an address of 0.0.0.x.
void ProxyServer::serve_socks4(int client) {
  const auto fixed = receive(client, 7);
  if (!fixed) return;
  const auto text = [client] {
    std::string read;
    while (const auto byte = receive(client, 1)) {
      if (byte->front() == '\0') break;
      read += *byte;
    }
    return read;
  };
  text();  // the user name
  const bool named = fixed->substr(3, 3) == std::string(3, '\0');
  const std::string host = named ? text() : "an address";
  const int port = static_cast<unsigned char>((*fixed)[1]) << 8 | static_cast<unsigned char>((*fixed)[2]);
  note("SOCKS4 " + host + ":" + std::to_string(port));
  const int server = refusal_ != 0 ? -1 : connect_to(port);
  const int reply = refusal_ != 0 ? refusal_.load() : server < 0 ? 91 : 90;
  send_all(client, std::string(1, '\0') + static_cast<char>(reply) + std::string(6, '\0'));
  if (server < 0) return;
  relay(client, server, ending_);
  ::close(server);
}

}  // namespace leat::tests
