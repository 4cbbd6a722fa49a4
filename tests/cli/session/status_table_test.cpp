#include "cli/session/status_table.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::cli;
using namespace std::chrono_literals;
using leat::async::TaskInfo;
using leat::async::TaskStatus;
using leat::async::TimePoint;

namespace {

TaskInfo task(const char* name, const char* awaiting, TimePoint since) {
  TaskInfo info;
  info.name = name;
  info.status = *awaiting == '\0' ? TaskStatus::running : TaskStatus::waiting;
  info.awaiting = awaiting;
  info.since = since;
  return info;
}

}  // namespace

TEST_CASE("status_table: it shows totals, every task, threads, hosts and queues") {
  RunStatus status;
  status.now = TimePoint() + 10s;
  status.stats.records_in = 7;
  status.stats.live = 3;
  status.tasks = {task("main", "", status.now), task("fetch", "transfer", TimePoint() + 8s),
                  task("fetch", "transfer", TimePoint() + 7s)};
  status.threads = {1, 12};
  leat::pipelines::HostInfo host;
  host.origin = "http://a.org:80";
  host.running = 2;
  host.parked_for = 5s;
  leat::pipelines::HostInfo doubtful;
  doubtful.origin = "http://b.org:80";
  doubtful.waiting = 40;
  doubtful.is_doubtful = true;
  doubtful.doubtful_for = 12s;
  doubtful.next_probe = 1500ms;
  status.hosts = {host, doubtful};
  leat::pipelines::QueueInfo queue;
  queue.name = "lines > fetch";
  queue.size = 64;
  queue.capacity = 64;
  queue.putters = 1;
  status.queues = {queue};
  CHECK(
      status_table(status) ==
      "leat get: 7 records in, 3 live, 0 transfers running, 0 records waiting; 3 tasks\n"
      "  COUNT  TASK              STATE\n"
      "      2  fetch             awaits transfer\n"
      "      1  main              running\n"
      "TASK              STATE                 FOR\n"
      "main              running               0.0 ms\n"
      "fetch             awaits transfer       2.00 s\n"
      "fetch             awaits transfer       3.00 s\n"
      "THREAD            TRANSFERS\n"
      "1                         1\n"
      "2                        12\n"
      "HOST                                      RUNNING  WAITING  PARKED FOR  DOUBTFUL FOR  NEXT PROBE IN\n"
      "http://a.org:80                                 2        0      5.00 s             -  -\n"
      "http://b.org:80                                 0       40           -        12.0 s  1.50 s\n"
      "QUEUE                                          FILL  GETTERS  PUTTERS\n"
      "lines > fetch                                 64/64        0        1");
}

TEST_CASE("status_table: for a run, the stages come last") {
  RunStatus status;
  status.command = "run";
  status.stages.resize(1);
  status.stages[0].name = "lines";
  const auto text = status_table(status);
  CHECK(text.starts_with("leat run: 0 records in"));
  CHECK(
      text.ends_with("  STAGE       IN      OUT  FAILED   QUEUE      BUSY\n"
                     "  lines        0        0       0       -      idle"));
}

TEST_CASE("status_table: a host's escape sequences don't reach the terminal") {
  RunStatus status;
  leat::pipelines::HostInfo host;
  host.origin = "http://\x1b[31m";
  status.hosts = {host};
  CHECK(status_table(status).find('\x1b') == std::string::npos);
}
