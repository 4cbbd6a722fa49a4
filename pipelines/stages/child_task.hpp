#pragma once

#include <utility>

#include "engine/async/task.hpp"

namespace leat::pipelines {

/// A task that a stage's `run` has beside itself: cancelled when `run` ends, however it ends.
class ChildTask {
 public:
  explicit ChildTask(async::TaskHandle<void> task) noexcept : task_(std::move(task)) {}
  ChildTask(const ChildTask&) = delete;
  ChildTask& operator=(const ChildTask&) = delete;
  ~ChildTask() { task_.cancel(); }

 private:
  async::TaskHandle<void> task_;
};

}  // namespace leat::pipelines
