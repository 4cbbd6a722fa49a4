#include "pipelines/run_transfers.hpp"

#include <algorithm>

#include "engine/http/host_gate.hpp"
#include "engine/http/url.hpp"
#include "pipelines/record.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kSlowest = 3;

std::vector<TransferInfo> slowest(const RunContext& context) {
  std::vector<TransferInfo> transfers;
  for (const auto* entry : context.in_flight.longest(kSlowest)) {
    TransferInfo info;
    info.url = http::without_userinfo(entry->record()->request.url);
    info.elapsed = std::max(context.loop.now() - entry->since(), async::Duration(0));
    info.bytes = entry->received();
    context.secrets.hide(info.url);
    transfers.push_back(std::move(info));
  }
  return transfers;
}

}  // namespace

void look_at_transfers(RunStats& stats, const RunContext& context) {
  stats.running = context.in_flight.running();
  stats.retrying = context.in_flight.parked();
  stats.bytes = context.bytes;
  stats.slowest = slowest(context);
  for (const http::HostGate* gate : context.gates) {
    stats.waiting += gate->waiting();
    stats.parked_hosts += gate->parked();
  }
  for (const auto& [origin, gone] : context.given_up) stats.given_up.emplace_back(origin, gone.skipped);
}

}  // namespace leat::pipelines
