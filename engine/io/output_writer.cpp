#include "engine/io/output_writer.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>

#include "engine/async/event.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/async/waiter.hpp"
#include "engine/io/writer_thread.hpp"

namespace leat::io {

namespace {

constexpr async::Duration kFlushInterval = std::chrono::milliseconds(1);

}  // namespace

class OutputWriter::Impl final : private async::Timer {
 public:
  class Written;

  Impl(async::EventLoop& loop, int fd, std::size_t capacity);
  ~Impl();

  void append(std::string_view text);
  void flush();
  void hand_over();
  void abandon() noexcept;
  [[nodiscard]] bool has_room() const noexcept;
  [[nodiscard]] bool is_open() const noexcept { return thread_.state() == OutputState::open; }
  [[nodiscard]] const WriterThread& thread() const noexcept { return thread_; }
  [[nodiscard]] std::uint64_t room_at() const noexcept { return appended_ - capacity_ / 2; }

  std::uint64_t appended_ = 0;
  async::Event ended_;

 private:
  /// Leads posts of the thread to the owner while that lives. Only the loop's thread looks at it.
  struct Link {
    Impl* owner;
  };

  void on_timer() noexcept override { hand_over(); }
  void wait(Written& waiter);
  void on_progress();
  [[nodiscard]] std::uint64_t next_wait() noexcept;

  async::EventLoop& loop_;
  const std::size_t capacity_;
  const std::shared_ptr<Link> link_;
  WriterThread thread_;
  std::string front_;  // what was appended and not yet handed over
  async::TimePoint last_hand_over_{};
  async::IntrusiveList<Written, async::ReadyTag> waits_;
};

/// An awaitable that suspends until `count` bytes are written or the state is no longer open.
class OutputWriter::Impl::Written final : public async::Waiter {
 public:
  Written(Impl& impl, std::uint64_t count) noexcept : impl_(impl), count_(count) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "output") || is_over()) return false;
    suspend();
    impl_.wait(*this);
    return true;
  }
  void await_resume() const { check(); }

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] bool is_over() const noexcept {
    return !impl_.is_open() || impl_.thread().written() >= count_;
  }

 private:
  Impl& impl_;
  const std::uint64_t count_;
};

OutputWriter::Impl::Impl(async::EventLoop& loop, int fd, std::size_t capacity)
    : loop_(loop),
      capacity_(std::max<std::size_t>(capacity, 1)),
      link_(std::make_shared<Link>(Link{this})),
      thread_(fd, [&loop, link = link_] {
        loop.post([link] {
          if (link->owner != nullptr) link->owner->on_progress();
        });
      }) {
  if (!is_open()) ended_.set();
}

OutputWriter::Impl::~Impl() {
  link_->owner = nullptr;
  hand_over();
}

void OutputWriter::Impl::append(std::string_view text) {
  if (!is_open()) return;
  front_ += text;
  appended_ += text.size();
}

void OutputWriter::Impl::flush() {
  if (front_.empty()) return;
  const async::TimePoint due = last_hand_over_ + kFlushInterval;
  if (front_.size() >= capacity_ / 4 || loop_.turn_time() >= due) {
    hand_over();
  } else if (!is_armed()) {
    loop_.arm(*this, due);
  }
}

void OutputWriter::Impl::hand_over() {
  disarm();
  if (front_.empty()) return;
  last_hand_over_ = loop_.turn_time();
  thread_.hand_over(front_);
}

void OutputWriter::Impl::abandon() noexcept {
  disarm();
  front_.clear();
  thread_.abandon();
  on_progress();
}

bool OutputWriter::Impl::has_room() const noexcept {
  return appended_ - thread_.written() < capacity_ || !is_open();
}

void OutputWriter::Impl::wait(Written& waiter) {
  waits_.push_back(waiter);
  if (!thread_.notify_at(next_wait())) on_progress();
}

// While this looks at one count, the thread may reach the next and notify nobody, so it looks again.
void OutputWriter::Impl::on_progress() {
  if (!is_open()) ended_.set();
  do {
    waits_.for_each([](Written& waiter) {
      if (waiter.is_over()) waiter.wake();
    });
  } while (!waits_.empty() && !thread_.notify_at(next_wait()));
}

std::uint64_t OutputWriter::Impl::next_wait() noexcept {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  waits_.for_each([&least](const Written& waiter) { least = std::min(least, waiter.count()); });
  return least;
}

OutputWriter::OutputWriter(async::EventLoop& loop, int fd, std::size_t capacity)
    : impl_(std::make_unique<Impl>(loop, fd, capacity)) {}

OutputWriter::~OutputWriter() = default;

bool OutputWriter::has_room() const noexcept { return impl_->has_room(); }
void OutputWriter::append_now(std::string_view text) { impl_->append(text); }
void OutputWriter::flush() { impl_->flush(); }
void OutputWriter::abandon() noexcept { impl_->abandon(); }

async::Task<void> OutputWriter::wait_for_room() {
  while (!has_room()) {
    impl_->hand_over();
    Impl::Written half(*impl_, impl_->room_at());
    co_await half;
  }
}

async::Task<void> OutputWriter::drain() {
  impl_->hand_over();
  Impl::Written all(*impl_, impl_->appended_);
  co_await all;
}

async::Task<void> OutputWriter::wait_for_end() {
  async::Event::Wait end = impl_->ended_.wait();
  co_await end;
}

OutputState OutputWriter::state() const noexcept { return impl_->thread().state(); }
int OutputWriter::error_number() const noexcept { return impl_->thread().error_number(); }
std::uint64_t OutputWriter::appended() const noexcept { return impl_->appended_; }
std::uint64_t OutputWriter::written() const noexcept { return impl_->thread().written(); }

}  // namespace leat::io
