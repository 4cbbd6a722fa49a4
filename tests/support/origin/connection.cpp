#include "tests/support/origin/connection.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cstring>

#include "tests/support/origin/server.hpp"

namespace leat::origin {
namespace {

constexpr std::size_t kFirstInput = 4 * 1024;
constexpr std::size_t kMaxInput = 128 * 1024;
constexpr std::size_t kBlock = 64 * 1024;  // as much is made and written at a time
constexpr std::size_t kMaxIdleOutput = 2 * kBlock;
constexpr std::uint64_t kTurn = 2'000'000;            // ns for which one connection may keep the loop
constexpr std::uint64_t kMaxWait = 86'400'000;        // ms
constexpr std::uint64_t kMaxDelay = kMaxWait * 1000;  // us
constexpr std::uint64_t kDrainTime = 1'000;           // ms
constexpr unsigned kMaxDeliveryChecks = 2'000;        // a ms apart

Connection& self(void* data) { return *static_cast<Connection*>(data); }

}  // namespace

Connection::Connection(Server& server, Services services) : server_(server), services_(services) {
  uv_tcp_init(server.loop(), &tcp_);
  uv_timer_init(server.loop(), &timer_);
  tcp_.data = this;
  timer_.data = this;
  write_.data = this;
  open_handles_ = 2;
}

bool Connection::accept_from(uv_stream_t* listener) {
  if (uv_accept(listener, stream()) != 0) return false;
  services_.counters.connection_opened();
  counted_open_ = true;
  uv_tcp_nodelay(&tcp_, 1);
  start_reading();
  return true;
}

void Connection::close() { release(false); }

void Connection::start_reading() {
  if (reading_ || eof_) return;
  reading_ = uv_read_start(stream(), on_alloc, on_read) == 0;
}

void Connection::on_alloc(uv_handle_t* handle, std::size_t /*suggested*/, uv_buf_t* room) {
  Connection& c = self(handle->data);
  if (c.begin_ == c.end_ || c.state_ == State::draining) c.begin_ = c.end_ = 0;
  if (c.end_ == c.input_.size() && c.begin_ > 0) {
    std::memmove(c.input_.data(), c.input_.data() + c.begin_, c.end_ - c.begin_);
    c.end_ -= c.begin_;
    c.begin_ = 0;
  }
  if (c.end_ == c.input_.size()) {
    c.input_.resize(std::min(kMaxInput, std::max(kFirstInput, c.input_.size() * 2)));
  }
  *room = uv_buf_init(c.input_.data() + c.end_, static_cast<unsigned>(c.input_.size() - c.end_));
}

/// If a client closes its side while its answer waits for the timer, or for ever, it is taken to have given
/// up.
void Connection::on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* /*room*/) {
  Connection& c = self(stream->data);
  if (size == 0) return;
  if (size < 0) {
    c.eof_ = true;
    c.reading_ = false;
    uv_read_stop(stream);
    const bool waits = c.state_ == State::waiting || c.state_ == State::draining;
    if (size != UV_EOF || waits) return c.close();
  } else {
    if (c.state_ == State::draining) return;
    c.end_ += static_cast<std::size_t>(size);
    if (c.unread().size() == kMaxInput && (c.writing_ || c.state_ != State::reading)) {
      uv_read_stop(stream);
      c.reading_ = false;
    }
  }
  c.run();
}

/// Goes on until it has to wait: for input, output, the timer, or another connection's turn.
void Connection::run() {
  std::uint64_t started = 0;  // left in this turn's streaming
  while (!writing_) {
    switch (state_) {
      case State::reading:
        if (out_.size() < kBlock && parse_next()) break;
        if (out_.empty() && eof_) return close();
        if (out_.empty()) return start_reading();
        if (!flush(false)) return;
        break;
      case State::beginning:
        begin_response();
        break;
      case State::streaming:
        if (started == 0) started = uv_hrtime();
        fill();
        if (!flush(uv_hrtime() - started > kTurn)) return;
        break;
      case State::waiting:
        flush(false);
        return;
      case State::ending:
        if (flush(false)) end();
        return;
      case State::draining:
      case State::closed:
        return;
    }
  }
}

/// Takes the next request, if there is one, and begins its answer.
bool Connection::parse_next() {
  if (begin_ == end_) return false;
  const auto [status, consumed] = parser_.feed(unread());
  begin_ += consumed;
  if (status == RequestParser::Status::need_more) {
    if (parser_.take_continue()) out_.append("HTTP/1.1 100 Continue\r\n\r\n");
    return false;
  }
  response_.clear();
  if (status == RequestParser::Status::failed) {
    refuse(parser_.error_status());
    return true;
  }
  const Request& request = parser_.request();
  const Route* route = find_route(request.target);
  counted_ = route == nullptr || route->counted;
  if (counted_) {
    services_.counters.request_received(request.target.path());
    ++owed_;
  }
  received_ = uv_hrtime();
  answer(route, {request, response_, services_});
  state_ = State::beginning;
  if (response_.delay_us > 0) {
    state_ = State::waiting;
    answers_at_ = received_ + std::min(response_.delay_us, kMaxDelay) * 1000;
    server_.fine_timer().add(answers_at_, *this);
  }
  return true;
}

void Connection::begin_response() {
  if (response_.timed_as) services_.timings.add({*response_.timed_as, received_, uv_hrtime()});
  response_.prepare(parser_.request(), out_);
  if (response_.ending == Ending::hang && response_.framing == Framing::none) {
    state_ = State::waiting;
  } else if (response_.append_text_body(out_)) {
    finish_response();
  } else {
    state_ = State::streaming;
  }
}

/// Answers bytes that are no request.
void Connection::refuse(int status) {
  Request none;
  none.keep_alive = false;
  response_.text(status, reason_phrase(status));
  response_.body.push_back('\n');
  response_.prepare(none, out_);
  counted_ = false;
  if (response_.append_text_body(out_)) finish_response();
}

/// Makes the next block of the body, or its next byte if it is sent byte by byte.
void Connection::fill() {
  const std::size_t start = out_.size();
  const std::uint64_t block = response_.drip_ms > 0 ? 1 : kBlock;
  const auto room = static_cast<std::size_t>(std::min(block, response_.left()));
  out_.resize(start + room);
  const std::size_t size = response_.read({out_.data() + start, room});
  out_.resize(start + size);
  if (size == 0 || response_.left() == 0) {
    finish_response();
  } else if (response_.drip_ms > 0) {
    wait(response_.drip_ms);
  }
}

void Connection::finish_response() {
  if (counted_) ++finished_;
  if (response_.ending == Ending::keep) {
    state_ = State::reading;
    parser_.reset();
  } else if (response_.ending == Ending::hang) {
    state_ = State::waiting;
  } else {
    state_ = State::ending;
  }
}

/// Writes what there is to write. False: libuv has it now and calls back, or the connection is closed.
bool Connection::flush(bool yield) {
  std::size_t sent = 0;
  if (!yield && !out_.empty()) {
    const uv_buf_t bytes = uv_buf_init(out_.data(), static_cast<unsigned>(out_.size()));
    const int written = uv_try_write(stream(), &bytes, 1);
    if (written < 0 && written != UV_EAGAIN) {
      close();
      return false;
    }
    sent = static_cast<std::size_t>(std::max(written, 0));
  }
  if (sent == out_.size()) {
    out_.clear();
    if (out_.capacity() > kMaxIdleOutput) out_.shrink_to_fit();
    services_.counters.requests_answered(finished_);
    owed_ -= finished_;
    finished_ = 0;
    return true;
  }
  const uv_buf_t rest = uv_buf_init(out_.data() + sent, static_cast<unsigned>(out_.size() - sent));
  writing_ = uv_write(&write_, stream(), &rest, 1, on_written) == 0;
  if (!writing_) close();
  return false;
}

void Connection::on_written(uv_write_t* write, int status) {
  Connection& c = self(write->data);
  c.writing_ = false;
  if (c.state_ == State::closed) return;
  if (status < 0) return c.close();
  c.out_.clear();
  if (c.flush(false)) c.run();
}

void Connection::wait(std::uint64_t ms) {
  state_ = State::waiting;
  uv_update_time(server_.loop());
  uv_timer_start(&timer_, on_timer, std::min(ms, kMaxWait), 0);
}

void Connection::on_timer(uv_timer_t* timer) {
  Connection& c = self(timer->data);
  if (c.state_ == State::draining) return c.close();
  if (c.state_ == State::ending) return c.reset_when_delivered();
  c.state_ = State::streaming;
  c.run();
}

void Connection::on_time() {
  answers_at_ = 0;
  state_ = State::beginning;
  run();
}

void Connection::end() {
  if (response_.ending == Ending::reset) return reset_when_delivered();
  if (eof_) return close();
  drain();
}

/// Closes its own side and waits for the client to close. If both sides were closed with input unread, the
/// connection would be reset, and the client would lose the end of the answer.
void Connection::drain() {
  if (uv_shutdown(&shutdown_, stream(), [](uv_shutdown_t*, int) {}) != 0) return close();
  state_ = State::draining;
  uv_timer_start(&timer_, on_timer, kDrainTime, 0);
  start_reading();
}

/// Resets once the client's kernel has all bytes, since a reset drops those that are still to be sent.
void Connection::reset_when_delivered() {
  int fd = -1;
  int unsent = 0;
  const bool known = uv_fileno(handle(), &fd) == 0 && ioctl(fd, SIOCOUTQ, &unsent) == 0;
  if (!known || unsent == 0 || ++delivery_checks_ > kMaxDeliveryChecks) return release(true);
  uv_timer_start(&timer_, on_timer, 1, 0);
}

void Connection::release(bool with_reset) {
  if (state_ == State::closed) return;
  state_ = State::closed;
  services_.counters.requests_answered(owed_);
  owed_ = finished_ = 0;
  if (counted_open_) services_.counters.connection_closed();
  if (answers_at_ != 0) server_.fine_timer().remove(answers_at_, *this);
  uv_close(reinterpret_cast<uv_handle_t*>(&timer_), on_closed);
  if (!with_reset || uv_tcp_close_reset(&tcp_, on_closed) != 0) uv_close(handle(), on_closed);
}

void Connection::on_closed(uv_handle_t* handle) {
  Connection& c = self(handle->data);
  if (--c.open_handles_ == 0) c.server_.forget(c);
}

}  // namespace leat::origin
