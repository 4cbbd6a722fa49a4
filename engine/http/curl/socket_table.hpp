#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
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
  /// A connection, as libcurl tells its ends: by the address of the server as text and by both ports. The
  /// ports alone do not tell connections to several servers apart. 0 if it has no ports, as a Unix socket.
  enum class Ends : std::uint64_t { none = 0 };
  [[nodiscard]] static Ends ends(std::string_view remote, int remote_port, int local_port) noexcept;

  /// Reports that a connection stands. Its socket is one of `opened`; those came from `open`, and some may be
  /// closed by now.
  void connected(std::span<const curl_socket_t> opened, Ends ends, int local_port);
  /// Says whether the unused connection has bytes or its end to read, or is broken: then what is sent over it
  /// gets no answer or another request's (RFC 9112, 9.2 and 9.3). libcurl 7.88 looks for the end only. It
  /// takes one system call, and gives false for a connection that isn't known.
  [[nodiscard]] bool has_news(Ends ends) const noexcept;
  /// Sends to `answer` what that connection holds when it is closed; null sends it nowhere. Does nothing for
  /// a connection that isn't known.
  void rescue(Ends ends, EarlyAnswer* answer) noexcept;
  /// Says for how long nobody has used the connection, by the loop's clock; zero for one that isn't known.
  [[nodiscard]] std::chrono::milliseconds idle_time(Ends ends) const noexcept;
  /// Is CURLMOPT_SOCKETFUNCTION: `what` is CURL_POLL_IN and so on.
  void want(MultiShard& shard, curl_socket_t fd, int what);

 private:
  struct Socket;
  Socket& socket_of(MultiShard& shard, curl_socket_t fd);

  uv_loop_s* loop_;
  std::vector<Socket*> by_fd_;
  std::unordered_map<Ends, curl_socket_t> by_ends_;  // connected ones
};

}  // namespace leat::http
