#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/introspect.hpp"
#include "pipelines/run/run.hpp"

namespace leat::cli {

/// What SIGUSR1 shows, as it was at `now`.
struct RunStatus {
  std::string command = "get";
  async::TimePoint now;
  pipelines::RunStats stats;
  std::vector<async::TaskInfo> tasks;
  std::vector<std::size_t> threads;  // the transfers of each thread; empty if there is one thread
  std::vector<pipelines::HostInfo> hosts;
  std::vector<pipelines::QueueInfo> queues;
  std::vector<pipelines::StageInfo> stages;
};

/// Tables for a person to read: how many tasks of each name do what, then each task, the threads, the hosts,
/// the queues and the stages. There is no line end after the last line. Control characters in names and hosts
/// are made visible.
[[nodiscard]] std::string status_table(const RunStatus& status);

}  // namespace leat::cli
