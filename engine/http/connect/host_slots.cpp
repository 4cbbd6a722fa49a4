#include "engine/http/connect/host_slots.hpp"

#include <algorithm>
#include <functional>

namespace leat::http {

HostSlots::Lease HostSlots::lease(std::string_view origin, std::optional<std::size_t> first, bool together) {
  auto found = hosts_.find(origin);
  if (found == hosts_.end()) {
    if (hosts_.size() >= sweep_at_) sweep();
    found = hosts_.try_emplace(std::string(origin)).first;
    found->second.first_shard = first ? *first : std::hash<std::string_view>()(origin);
  }
  Host& host = found->second;
  Slot slot;
  if (host.free.empty()) {
    slot.number = host.slots++;
    host.free.reserve(host.slots);  // so that giving back never allocates
  } else {
    slot = host.free.back();
    host.free.pop_back();
  }
  const std::size_t further = together ? 0 : slot.number / kSlotsPerShard;
  return Lease(host, slot, (host.first_shard + further) % shards_);
}

void HostSlots::sweep() {
  std::erase_if(hosts_, [](const auto& entry) { return entry.second.idle(); });
  sweep_at_ = std::max(kSweepAt, 2 * hosts_.size());
}

}  // namespace leat::http
