#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace leat::tests {

/// A proxy on a free loopback port, for as long as this lives: HTTP (absolute URIs and CONNECT), SOCKS4a and
/// SOCKS5 on the same port. Whatever host is asked for, it connects to 127.0.0.1 at the port that is named,
/// so names need not exist. It keeps what clients sent first.
class ProxyServer {
 public:
  /// `userpwd` is the "user:password" that clients must show; if it is empty, anybody may use the proxy.
  explicit ProxyServer(std::string userpwd = "");
  ProxyServer(const ProxyServer&) = delete;
  ProxyServer& operator=(const ProxyServer&) = delete;
  ~ProxyServer();

  /// "SCHEME://127.0.0.1:PORT", with credentials before the host if they are given.
  [[nodiscard]] std::string url(const std::string& scheme = "http", const std::string& userpwd = "") const;
  /// From now on SOCKS requests are refused with that reply: one of RFC 1928 section 6, or 91 to 93 of
  /// SOCKS4.
  void refuse_socks(int reply) noexcept { refusal_ = reply; }
  /// The heads of the requests to the proxy itself so far; for SOCKS they are "SOCKS5 HOST:PORT" or "SOCKS4
  /// HOST:PORT".
  [[nodiscard]] std::vector<std::string> heads() const;

 private:
  void accept_all();
  void serve(int client);
  void serve_http(int client, std::string head);
  void serve_socks(int client);
  void serve_socks4(int client);
  void note(std::string head);

  std::string userpwd_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<int> refusal_ = 0;  // 0: none
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  std::vector<std::thread> clients_;
  std::thread acceptor_;
};

}  // namespace leat::tests
