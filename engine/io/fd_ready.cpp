#include "engine/io/fd_ready.hpp"

#include <uv.h>

#include "engine/async/uv_handle.hpp"

namespace leat::io {

struct FdReady::Watch {
  async::UvHandle<uv_poll_t> poll;
  async::WaiterList* waiters;
  int events;
  bool armed = false;

  // Stopping the watch costs a system call, so it is put off until an event comes that nobody waits for.
  // Whoever begins to wait in the turn in which the other side has closed is woken once too often, which is
  // harmless.
  static void on_event(uv_poll_t* handle, int status, int) {
    auto* self = static_cast<Watch*>(handle->data);
    if (self == nullptr) return;
    if (status < 0) self->armed = false;  // libuv has stopped the watch
    if (self->waiters->empty() && self->armed) {
      uv_poll_stop(handle);
      self->armed = false;
    }
    while (!self->waiters->empty()) self->waiters->front().wake();
  }
};

FdReady::FdReady(async::EventLoop& loop, int fd, Direction direction) : watch_(std::make_unique<Watch>()) {
  auto handle = std::make_unique<uv_poll_t>();
  if (const int status = uv_poll_init(loop.uv(), handle.get(), fd); status != 0) {
    throw async::UsageError(std::string("FdReady: this descriptor can't be watched: ") + uv_strerror(status));
  }
  watch_->poll.reset(handle.release());
  watch_->poll->data = watch_.get();
  watch_->waiters = &waiters_;
  watch_->events = direction == Direction::read ? UV_READABLE : UV_WRITABLE;
}

FdReady::~FdReady() = default;

void FdReady::arm() noexcept {
  if (watch_->armed) return;
  watch_->armed = uv_poll_start(watch_->poll.get(), watch_->events, &Watch::on_event) == 0;
}

}  // namespace leat::io
