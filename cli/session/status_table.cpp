#include "cli/session/status_table.hpp"

#include <fmt/format.h>

#include <iterator>
#include <map>
#include <utility>

#include "cli/session/stage_rows.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using Out = std::back_insert_iterator<std::string>;

std::string doing(const async::TaskInfo& task) {
  return task.awaiting.empty() ? async::to_string(task.status) : "awaits " + task.awaiting;
}

void write_totals(Out out, const RunStatus& status) {
  std::map<std::pair<std::string, std::string>, int> totals;
  for (const auto& task : status.tasks) ++totals[{text::escaped(task.name), doing(task)}];
  fmt::format_to(out, "{:>7}  {:<16}  {}\n", "COUNT", "TASK", "STATE");
  for (const auto& [key, count] : totals) {
    fmt::format_to(out, "{:>7}  {:<16}  {}\n", count, key.first, key.second);
  }
}

void write_tasks(Out out, const RunStatus& status) {
  fmt::format_to(out, "{:<16}  {:<20}  {}\n", "TASK", "STATE", "FOR");
  for (const auto& task : status.tasks) {
    fmt::format_to(out, "{:<16}  {:<20}  {}\n", text::escaped(task.name), doing(task),
                   text::format_elapsed(status.now - task.since));
  }
}

void write_threads(Out out, const RunStatus& status) {
  if (status.threads.empty()) return;
  fmt::format_to(out, "{:<16}  {:>9}\n", "THREAD", "TRANSFERS");
  for (std::size_t i = 0; i < status.threads.size(); ++i) {
    fmt::format_to(out, "{:<16}  {:>9}\n", i + 1, status.threads[i]);
  }
}

void write_hosts(Out out, const RunStatus& status) {
  if (status.hosts.empty()) return;
  constexpr const char* kRow = "{:<40}  {:>7}  {:>7}  {:>10}  {:>12}  {}\n";
  const auto time = [](async::Duration duration) {
    return duration.count() > 0 ? text::format_elapsed(duration) : "-";
  };
  fmt::format_to(out, kRow, "HOST", "RUNNING", "WAITING", "PARKED FOR", "DOUBTFUL FOR", "NEXT PROBE IN");
  for (const auto& host : status.hosts) {
    fmt::format_to(out, kRow, text::escaped(host.origin), host.running, host.waiting, time(host.parked_for),
                   time(host.doubtful_for), time(host.next_probe));
  }
}

void write_queues(Out out, const RunStatus& status) {
  if (status.queues.empty()) return;
  fmt::format_to(out, "{:<40}  {:>9}  {:>7}  {:>7}\n", "QUEUE", "FILL", "GETTERS", "PUTTERS");
  for (const auto& queue : status.queues) {
    fmt::format_to(out, "{:<40}  {:>9}  {:>7}  {:>7}\n", queue.name,
                   fmt::format("{}/{}", queue.size, queue.capacity), queue.getters, queue.putters);
  }
}

void write_stages(Out out, const RunStatus& status) {
  if (status.stages.empty()) return;
  for (const auto& line : stage_rows(status.stages, status.stages.size() + 1)) {
    fmt::format_to(out, "{}\n", line);
  }
}

}  // namespace

std::string status_table(const RunStatus& status) {
  std::string text;
  const Out out(text);
  fmt::format_to(out, "leat {}: {} records in, {} live, {} transfers running, {} records waiting; {} tasks\n",
                 status.command, status.stats.records_in, status.stats.live, status.stats.running,
                 status.stats.retrying, status.tasks.size());
  write_totals(out, status);
  write_tasks(out, status);
  write_threads(out, status);
  write_hosts(out, status);
  write_queues(out, status);
  write_stages(out, status);
  text.pop_back();
  return text;
}

}  // namespace leat::cli
