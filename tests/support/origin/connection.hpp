#pragma once

#include <uv.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/origin/fine_timer.hpp"
#include "tests/support/origin/request_parser.hpp"
#include "tests/support/origin/response.hpp"
#include "tests/support/origin/routes.hpp"

namespace leat::origin {

class Server;

/// One client's connection: it reads requests, answers them in order, and closes as the answer says.
///
/// Requests that arrive together are answered with one write. While an answer is under way, up to 128 KiB of
/// input are kept and the rest stays in the socket; output is made as the socket takes it. It is owned by the
/// Server, which it tells when its handles are closed so that it may be destroyed. Loop thread only.
class Connection final : private FineTimer::Waiter {
 public:
  Connection(Server& server, Services services);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Takes the connection that waits at the listener; false if there is none.
  [[nodiscard]] bool accept_from(uv_stream_t* listener);

  void close();

 private:
  enum class State {
    reading,    // waits for a request
    beginning,  // begins an answer
    waiting,    // waits for the timer, or for ever
    streaming,  // sends the body
    ending,     // closes when everything is written
    draining,   // has closed its side and waits for the client's
    closed,
  };

  static void on_alloc(uv_handle_t* handle, std::size_t suggested, uv_buf_t* room);
  static void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* room);
  static void on_written(uv_write_t* write, int status);
  static void on_timer(uv_timer_t* timer);
  static void on_closed(uv_handle_t* handle);

  void run();
  bool parse_next();
  void begin_response();
  void refuse(int status);
  void fill();
  void finish_response();

  bool flush(bool yield);
  void wait(std::uint64_t ms);
  void on_time() override;
  void end();
  void drain();
  void reset_when_delivered();
  void release(bool with_reset);

  void start_reading();
  [[nodiscard]] std::string_view unread() const noexcept { return {input_.data() + begin_, end_ - begin_}; }
  [[nodiscard]] uv_stream_t* stream() noexcept { return reinterpret_cast<uv_stream_t*>(&tcp_); }
  [[nodiscard]] uv_handle_t* handle() noexcept { return reinterpret_cast<uv_handle_t*>(&tcp_); }

  Server& server_;
  Services services_;
  uv_tcp_t tcp_{};
  uv_timer_t timer_{};
  uv_write_t write_{};
  uv_shutdown_t shutdown_{};
  int open_handles_ = 0;
  bool counted_open_ = false;

  std::uint64_t received_ = 0;    // the current request, ns
  std::uint64_t answers_at_ = 0;  // while it waits for the fine timer
  State state_ = State::reading;
  bool reading_ = false;  // the handle is reading
  bool eof_ = false;      // the client has closed its side
  bool writing_ = false;  // libuv has out_
  unsigned delivery_checks_ = 0;

  std::vector<char> input_;
  std::size_t begin_ = 0;  // where the unread part of input_ begins
  std::size_t end_ = 0;
  RequestParser parser_;
  Response response_;
  std::string out_;

  bool counted_ = false;        // the current request counts
  std::uint64_t owed_ = 0;      // counted requests that are not yet answered completely
  std::uint64_t finished_ = 0;  // of these, those whose complete answers are in out_
};

}  // namespace leat::origin
