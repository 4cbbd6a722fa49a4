#pragma once

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/task.hpp"

namespace leat::async {

/// Runs `work`, and beside it `helper` as a task of its own. When the work has ended, however it ends, the
/// helper is cancelled and awaited. Gives what the work gives. The helper may end before the work does.
template <class T>
Task<T> beside(Task<T> work, Task<void> helper, std::string name) {
  auto task = spawn(std::move(helper), std::move(name));
  std::optional<T> result;
  std::exception_ptr failure;
  try {
    auto given = co_await std::move(work);
    result.emplace(std::move(given));
  } catch (...) {
    failure = std::current_exception();
  }
  task.cancel();
  const CancelShield shield;
  try {
    co_await task;
  } catch (const Cancelled&) {
  }
  if (failure) std::rethrow_exception(failure);
  co_return std::move(*result);
}

}  // namespace leat::async
