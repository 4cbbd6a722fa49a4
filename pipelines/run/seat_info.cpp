#include "pipelines/run/seat_info.hpp"

#include <algorithm>

#include <string_view>

namespace leat::pipelines {

namespace {

// What it awaits inside is its own business: slots in use say more.
StageState state_of(const async::TaskState& task, const StageLoad& load) {
  using async::TaskStatus;
  if (task.done()) return StageState::ended;
  const std::string_view awaits = task.status() == TaskStatus::waiting ? task.awaiting() : "";
  if (awaits == "queue.put") return StageState::blocked;
  if (load.busy > 0 || load.backlog > 0 || load.no_room) return StageState::busy;
  return awaits == "queue.get" ? StageState::idle : StageState::busy;
}

}  // namespace

bool is_at_work(const Pipeline& pipeline) {
  return std::any_of(pipeline.stages.begin(), pipeline.stages.end(), [](const auto& stage) {
    const StageLoad load = stage->load();
    return load.role == StageRole::pool && load.busy > 0;
  });
}

StageInfo look_at(const Pipeline::Seat& seat, const async::TaskState& task) {
  StageInfo info;
  info.name = seat.name;
  if (seat.stage != nullptr) info.load = seat.stage->load();
  if (seat.sink != nullptr) info.load = seat.sink->load();
  if (seat.in == nullptr) info.load.role = StageRole::source;
  info.failed = info.load.failed;
  if (seat.in) {
    const auto& queue = seat.in->queue;
    info.queue = queue.size();
    info.capacity = queue.maxsize();
    info.in = queue.unfinished() - queue.size();
  }
  if (seat.out) {
    info.out = seat.out->queue.unfinished();
    info.failed += seat.out->failures;
    info.next_full = seat.out->queue.full();
  }
  if (!seat.in) info.in = info.out;
  if (seat.sink != nullptr) info.out = seat.sink->ended();
  info.state = state_of(task, info.load);
  if (task.status() == async::TaskStatus::waiting) info.awaits = task.awaiting();
  return info;
}

std::vector<QueueInfo> look_at_queues(const Pipeline& pipeline) {
  std::vector<QueueInfo> queues;
  for (const auto& joint : pipeline.joints) {
    const auto channel = joint.channel.lock();
    if (!channel || channel->queue.closed()) continue;
    QueueInfo info;
    info.name = joint.name;
    info.size = channel->queue.size();
    info.capacity = channel->queue.maxsize();
    info.getters = channel->queue.getters();
    info.putters = channel->queue.putters();
    queues.push_back(std::move(info));
  }
  return queues;
}

}  // namespace leat::pipelines
