#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/outcome.hpp"
#include "engine/async/waiter.hpp"

namespace leat::async {

/// A value, or an error, that somebody sets once and any number of tasks await.
///
///     Future<int> answer;
///     spawn(compute(answer));
///     const int& value = co_await answer.get();
///
/// Waiters are woken in the order in which they came and are never resumed inline; one that is cancelled
/// leaves without a trace. The value stays in the Future, which outlives its waiters. Loop thread only.
template <class T>
class Future {
 public:
  class Get;

  Future() noexcept = default;
  Future(const Future&) = delete;
  Future& operator=(const Future&) = delete;

  [[nodiscard]] bool done() const noexcept { return value_.has_value() || error_; }

  /// `set` and `fail` throw UsageError if a value or an error was set before.
  void set(ValueOf<T> value) {
    check_open();
    value_.emplace(std::move(value));
    wake_all();
  }
  void set() requires std::is_void_v<T> { set(Unit{}); }
  void fail(std::exception_ptr error) {
    check_open();
    error_ = std::move(error);
    wake_all();
  }

  /// `co_await future.get()` gives a reference to the value or throws the error.
  [[nodiscard]] Get get() noexcept { return Get(*this); }

  /// Gives the value without waiting. Throws the error, or UsageError if neither is set yet.
  std::add_lvalue_reference_t<T> value() {
    if (error_) std::rethrow_exception(error_);
    if (!value_) throw UsageError("Future::value: it is not set yet; await get() instead");
    if constexpr (!std::is_void_v<T>) return *value_;
  }

 private:
  void check_open() const {
    if (done()) throw UsageError("Future: it was set before; a Future is set once");
  }
  void wake_all() noexcept {
    while (!waiters_.empty()) waiters_.front().wake();
  }

  WaiterList waiters_;
  std::optional<ValueOf<T>> value_;
  std::exception_ptr error_;
};

template <class T>
class Future<T>::Get final : public Waiter {
 public:
  explicit Get(Future& future) noexcept : future_(future) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) noexcept {
    if (!begin(handle, "future")) return false;
    if (future_.done()) return ready();
    future_.waiters_.push_back(*this);
    return suspend();
  }
  [[gnu::always_inline]] std::add_lvalue_reference_t<T> await_resume() {
    check();
    return future_.value();
  }

 private:
  Future& future_;
};

}  // namespace leat::async
