#pragma once

#include <cstddef>
#include <deque>
#include <exception>
#include <optional>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/waiter.hpp"

namespace leat::async {

/// A FIFO between coroutines of one EventLoop, bounded by `maxsize`; zero means unbounded.
///
///     Queue<Url> urls(100);
///     spawn(find_urls(urls));                       // co_await urls.put(url), and at the end urls.close()
///     while (auto url = co_await urls.get()) visit(*url);
///
/// Suspended `put`s and `get`s are served in the order in which they came, however many producers and
/// consumers there are; an item that comes while somebody waits is handed over directly. Consumers share a
/// backlog evenly: one that takes an item after another consumer did gives the others a turn. A `get` or
/// `put` that is cancelled neither loses nor doubles an item: a `get` that has its item already returns it,
/// and a `put` that is cancelled has put nothing.
///
/// `close` ends the stream: every consumer gets the items that are left and then nothing. `fail` drops what
/// is left and throws its error to every consumer. Loop thread only. Outlives its waiters.
template <class T>
class Queue {
 public:
  class Put;
  class Get;
  class Join;

  explicit Queue(std::size_t maxsize = 0) noexcept : maxsize_(maxsize) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  /// `co_await queue.put(item)` gives true, or false if the queue is closed or has failed and the item was
  /// not taken.
  [[nodiscard]] Put put(T item) { return Put(*this, std::move(item)); }
  /// `co_await queue.get()` gives an item, or nothing at the end of the stream. Throws the error that `fail`
  /// was called with.
  [[nodiscard]] Get get() noexcept { return Get(*this); }

  /// Gives false and leaves the item untouched if the queue is full, closed or has failed.
  bool try_put(T&& item);
  /// Gives nothing if the queue is empty. Throws the error that `fail` was called with.
  std::optional<T> try_get();

  /// Says that one item that was taken is dealt with. Throws UsageError if it is called more often than items
  /// were put.
  void task_done();
  /// `co_await queue.join()` waits until every item that was put is dealt with.
  [[nodiscard]] Join join() noexcept { return Join(*this); }

  void close() noexcept;
  void fail(std::exception_ptr error) noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] std::size_t maxsize() const noexcept { return maxsize_; }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] bool full() const noexcept { return maxsize_ != 0 && items_.size() >= maxsize_; }
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  [[nodiscard]] std::size_t unfinished() const noexcept { return unfinished_; }
  /// Say how many are suspended in `get` and in `put`. O(n): for showing, not for decisions.
  [[nodiscard]] std::size_t getters() const noexcept { return getters_.count(); }
  [[nodiscard]] std::size_t putters() const noexcept { return putters_.count(); }

 private:
  void accept(T&& item);
  void refill();
  template <class List>
  static void wake_all(List& list) noexcept {
    while (!list.empty()) list.front().wake();
  }

  std::deque<T> items_;
  IntrusiveList<Get, ReadyTag> getters_;
  IntrusiveList<Put, ReadyTag> putters_;
  IntrusiveList<Join, ReadyTag> joiners_;
  std::exception_ptr error_;
  const TaskState* last_getter_ = nullptr;  // only compared, never followed
  std::size_t maxsize_;
  std::size_t unfinished_ = 0;
  bool closed_ = false;
};

template <class T>
class Queue<T>::Put final : public Waiter {
 public:
  Put(Queue& queue, T item) : queue_(queue), item_(std::move(item)) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "queue.put")) return false;
    if (queue_.closed_) return ready();
    if (queue_.putters_.empty() && queue_.try_put(std::move(item_))) {
      accepted_ = true;
      return ready();
    }
    queue_.putters_.push_back(*this);
    return suspend();
  }
  [[gnu::always_inline]] bool await_resume() const {
    check();
    return accepted_;
  }

 private:
  friend class Queue;
  Queue& queue_;
  T item_;
  bool accepted_ = false;
};

template <class T>
class Queue<T>::Get final : public Waiter {
 public:
  explicit Get(Queue& queue) noexcept : queue_(queue) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "queue.get")) return false;
    if (queue_.error_) return ready();
    if (!queue_.items_.empty()) {
      const bool alone = queue_.last_getter_ == nullptr || queue_.last_getter_ == &task();
      queue_.last_getter_ = &task();
      item_ = queue_.try_get();
      return alone ? ready() : give_turn();
    }
    if (queue_.closed_) return ready();
    queue_.getters_.push_back(*this);
    return suspend();
  }
  [[gnu::always_inline]] std::optional<T> await_resume() {
    check();
    if (!item_ && queue_.error_) std::rethrow_exception(queue_.error_);
    return std::move(item_);
  }

 private:
  friend class Queue;
  Queue& queue_;
  std::optional<T> item_;
};

template <class T>
class Queue<T>::Join final : public Waiter {
 public:
  explicit Join(Queue& queue) noexcept : queue_(queue) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) noexcept {
    if (!begin(handle, "queue.join")) return false;
    if (queue_.unfinished_ == 0) return ready();
    queue_.joiners_.push_back(*this);
    return suspend();
  }
  [[gnu::always_inline]] void await_resume() const { check(); }

 private:
  friend class Queue;
  Queue& queue_;
};

template <class T>
void Queue<T>::accept(T&& item) {
  ++unfinished_;
  if (getters_.empty()) {
    items_.push_back(std::move(item));
    return;
  }
  Get& getter = getters_.front();
  getter.item_.emplace(std::move(item));
  last_getter_ = &getter.task();
  getter.wake();
}

template <class T>
bool Queue<T>::try_put(T&& item) {
  if (closed_ || full()) return false;
  accept(std::move(item));
  return true;
}

template <class T>
std::optional<T> Queue<T>::try_get() {
  if (error_) std::rethrow_exception(error_);
  if (items_.empty()) return std::nullopt;
  std::optional<T> item(std::move(items_.front()));
  items_.pop_front();
  refill();
  return item;
}

template <class T>
void Queue<T>::refill() {
  while (!putters_.empty() && !full()) {
    Put& putter = putters_.front();
    putter.accepted_ = true;
    accept(std::move(putter.item_));
    putter.wake();
  }
}

template <class T>
void Queue<T>::task_done() {
  if (unfinished_ == 0) throw UsageError("Queue::task_done: called more often than items were put");
  if (--unfinished_ == 0) wake_all(joiners_);
}

template <class T>
void Queue<T>::close() noexcept {
  closed_ = true;
  wake_all(putters_);
  wake_all(getters_);
}

template <class T>
void Queue<T>::fail(std::exception_ptr error) noexcept {
  if (error_) return;
  error_ = std::move(error);
  closed_ = true;
  unfinished_ -= items_.size();
  items_.clear();
  wake_all(putters_);
  wake_all(getters_);
  if (unfinished_ == 0) wake_all(joiners_);
}

}  // namespace leat::async
