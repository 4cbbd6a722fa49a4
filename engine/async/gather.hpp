#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/async/errors.hpp"
#include "engine/async/event.hpp"
#include "engine/async/outcome.hpp"
#include "engine/async/task.hpp"

namespace leat::async {

/// A tag that asks gather for all outcomes as values.
struct ReturnExceptions {
  explicit ReturnExceptions() = default;
};
inline constexpr ReturnExceptions return_exceptions{};

/// The scope that holds the children of one gather.
class Gathering final : public TaskScope {
 public:
  explicit Gathering(bool stop_at_error) noexcept : stop_at_error_(stop_at_error) {}

  template <class T>
  TaskHandle<T> add(Task<T> task) {
    return spawn_in(*this, std::move(task), "gather." + std::to_string(count_++));
  }
  template <class T>
  std::vector<TaskHandle<T>> add_all(std::vector<Task<T>> tasks) {
    std::vector<TaskHandle<T>> children;
    children.reserve(tasks.size());
    for (auto& task : tasks) children.push_back(add(std::move(task)));
    return children;
  }

  /// Waits until all children have ended, or, if it is to stop at an error, until the first error, which it
  /// throws. When it is cancelled, it cancels all children and waits for their end.
  static Task<void> settle(Gathering& self) {
    if (self.empty()) co_return;
    bool cancelled = false;
    try {
      co_await self.settled_.wait();
    } catch (const Cancelled&) {
      cancelled = true;
    }
    if (cancelled) {
      self.cancel_all();
      const CancelShield shield;
      if (!self.empty()) co_await self.ended_.wait();
      throw Cancelled{};
    }
    if (self.first_error_) std::rethrow_exception(self.first_error_);
  }

 private:
  void on_end(TaskState& task) noexcept override {
    if (stop_at_error_ && task.failed() && !first_error_) {
      first_error_ = task.exception();
      settled_.set();
    }
    if (empty()) {
      settled_.set();
      ended_.set();
    }
  }

  Event settled_;
  Event ended_;
  std::exception_ptr first_error_;
  std::size_t count_ = 0;
  bool stop_at_error_;
};

template <class T>
using GatherResult = std::conditional_t<std::is_void_v<T>, void, std::vector<ValueOf<T>>>;

/// Runs coroutines concurrently and gives their results in the order of the input.
///
///     std::vector<Task<Page>> tasks;
///     for (const Url& url : urls) tasks.push_back(fetch_page(url));
///     auto pages = co_await gather(std::move(tasks));
///
/// The first error, which may be a child's cancellation, is thrown as soon as it happens; the other children
/// go on, and their results are dropped. Cancelling the gather cancels all children, and it ends when they
/// have ended. Nothing starts before the gather is awaited. An empty input gives an empty result. Loop thread
/// only.
template <class T>
Task<GatherResult<T>> gather(std::vector<Task<T>> tasks) {
  Gathering group(true);
  auto children = group.add_all(std::move(tasks));
  auto settling = Gathering::settle(group);
  co_await std::move(settling);
  if constexpr (!std::is_void_v<T>) {
    std::vector<T> results;
    results.reserve(children.size());
    for (auto& child : children) results.push_back(child.result());
    co_return results;
  }
}

/// `gather(tasks, return_exceptions)` waits for all children and gives errors and cancellations as values.
template <class T>
Task<std::vector<Outcome<T>>> gather(std::vector<Task<T>> tasks, ReturnExceptions) {
  Gathering group(false);
  auto children = group.add_all(std::move(tasks));
  auto settling = Gathering::settle(group);
  co_await std::move(settling);
  std::vector<Outcome<T>> outcomes;
  outcomes.reserve(children.size());
  for (auto& child : children) outcomes.push_back(child.outcome());
  co_return outcomes;
}

/// Does the same as the first one for coroutines of different types; a void one gives a Unit.
template <class... T>
Task<std::tuple<ValueOf<T>...>> gather(Task<T>... tasks) {
  Gathering group(true);
  std::tuple<TaskHandle<T>...> children{group.add(std::move(tasks))...};
  auto settling = Gathering::settle(group);
  co_await std::move(settling);
  const auto value = []<class U>(TaskHandle<U>& child) -> ValueOf<U> {
    if constexpr (std::is_void_v<U>) {
      return Unit{};
    } else {
      return child.result();
    }
  };
  co_return std::apply([&](auto&... child) { return std::tuple<ValueOf<T>...>{value(child)...}; }, children);
}

}  // namespace leat::async
