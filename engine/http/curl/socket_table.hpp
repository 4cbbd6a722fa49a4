#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

struct uv_loop_s;

namespace leat::http {

class EarlyAnswer;
class MultiShard;

/// The uv_poll handles of libcurl's sockets, by descriptor, for all shards of one Client.
///
/// It is lazy: libcurl asks for IN and for REMOVE around every keep-alive request, and each uv_poll_start
/// would be an epoll DEL and an ADD. So a connected socket that nobody wants stays armed, and is disarmed
/// only if an event comes for it meanwhile. A socket that is not connected yet, or that libcurl made without
/// our callbacks (its resolver's wake-up pair), is let go at once, because 7.88 closes those without telling
/// us. Loop thread only. Outlives the multi handles that use it.
class SocketTable {
 public:
  explicit SocketTable(uv_loop_s* loop) noexcept : loop_(loop) {}
  SocketTable(const SocketTable&) = delete;
  SocketTable& operator=(const SocketTable&) = delete;
  ~SocketTable();

  /// Is CURLOPT_OPENSOCKETFUNCTION: gives a new socket or CURL_SOCKET_BAD.
  curl_socket_t open(const curl_sockaddr& address);
  /// Is CURLOPT_CLOSESOCKETFUNCTION.
  void close(curl_socket_t fd);
  /// Forgets a socket that is no longer libcurl's or that somebody else watches from now on; it stays open.
  void drop(curl_socket_t fd);
  /// Reports that the connection between these ports stands. Its socket is one of `opened`; those came from
  /// `open`, and some may be closed by now.
  void connected(std::span<const curl_socket_t> opened, int local_port, int remote_port);
  /// Says whether the unused connection between these ports has bytes or its end to read, or is broken: then
  /// what is sent over it gets no answer or another request's (RFC 9112, 9.2 and 9.3). libcurl 7.88 looks for
  /// the end only. It takes one system call, and gives false for a connection that isn't known.
  [[nodiscard]] bool has_news(int local_port, int remote_port) const noexcept;
  /// Sends to `answer` what that connection holds when it is closed; null sends it nowhere. Does nothing for
  /// a connection that isn't known.
  void rescue(int local_port, int remote_port, EarlyAnswer* answer) noexcept;
  /// Says for how long nobody has used the connection, by the loop's clock; zero for one that isn't known.
  [[nodiscard]] std::chrono::milliseconds idle_time(int local_port, int remote_port) const noexcept;
  /// Is CURLMOPT_SOCKETFUNCTION: `what` is CURL_POLL_IN and so on.
  void want(MultiShard& shard, curl_socket_t fd, int what);

 private:
  struct Socket;
  Socket& socket_of(MultiShard& shard, curl_socket_t fd);

  uv_loop_s* loop_;
  std::vector<Socket*> by_fd_;
  std::unordered_map<std::uint32_t, curl_socket_t> by_ports_;  // connected ones
};

}  // namespace leat::http
