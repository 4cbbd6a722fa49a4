#pragma once

#include <cstddef>

#include "engine/async/event_loop.hpp"
#include "engine/async/runnable.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/http/curl/curl_objects.hpp"

namespace leat::http {

class SocketTable;

/// What a MultiShard carries: an easy handle that has its Carried as CURLOPT_PRIVATE.
class Carried {
 public:
  [[nodiscard]] virtual CURL* easy() const noexcept = 0;
  /// Is called when the transfer has ended, before the handle is taken out. Gives false if the handle is to
  /// stay in, because a connection that libcurl made for somebody else's use goes with the handle.
  [[nodiscard]] virtual bool leaves(CURLcode /*code*/) noexcept { return true; }
  /// Is called once after that.
  virtual void finished(CURLcode code) noexcept = 0;

 protected:
  ~Carried() = default;
};

/// How transfers share HTTP/2 connections. libcurl queues transfers beyond both limits, which is slow, so
/// there should be none.
struct Multiplexing {
  Multiplexing() = default;

  std::size_t streams = 0;      // at once on one connection; 0 means HTTP/1 only
  std::size_t connections = 0;  // to one host; 0 means as many as they need
};

/// One curl_multi handle that the EventLoop drives through its socket interface.
///
/// A time-out of 0 means "as soon as this callback has returned", so it goes to the loop's ready list and not
/// to a timer, which would cost a millisecond for each request. After every action the finished transfers are
/// taken out and told. Its functions are never called from inside a libcurl callback. Loop thread only.
/// Outlives what it carries.
class MultiShard final : private async::Runnable, private async::Timer {
 public:
  MultiShard(async::EventLoop& loop, SocketTable& sockets, long max_connections,
             Multiplexing multiplexing = {});
  MultiShard(const MultiShard&) = delete;
  MultiShard& operator=(const MultiShard&) = delete;
  ~MultiShard();

  /// Starts the transfer now. Its `finished` is called later, exactly once unless it is removed.
  void add(Carried& carried);
  void remove(Carried& carried) noexcept;

  /// Calls curl_multi_socket_action and handles what came of it.
  void act(curl_socket_t fd, int events);

  [[nodiscard]] SocketTable& sockets() const noexcept { return sockets_; }

 private:
  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* shard, void* socket);
  static int on_timeout(CURLM* multi, long timeout_ms, void* shard);
  void run() noexcept override;
  void on_timer() noexcept override;
  void drain();

  async::EventLoop& loop_;
  SocketTable& sockets_;
  Multi multi_;
};

}  // namespace leat::http
