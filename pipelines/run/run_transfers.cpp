#include "pipelines/run/run_transfers.hpp"

#include <algorithm>
#include <utility>

#include "engine/http/cookie_jar.hpp"
#include "engine/http/gate/host_gate.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/options/checksum_file.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kSlowest = 3;

std::vector<TransferInfo> slowest(const RunContext& context) {
  std::vector<TransferInfo> transfers;
  for (const auto* entry : context.in_flight.longest(kSlowest)) {
    TransferInfo info;
    info.url = http::without_userinfo(entry->record()->request.url.text());
    info.elapsed = std::max(context.loop.now() - entry->since(), async::Duration(0));
    info.bytes = entry->received();
    info.total = entry->total();
    context.secrets.hide(info.url);
    transfers.push_back(std::move(info));
  }
  return transfers;
}

HostInfo info_of(http::HostGate::HostRow row, async::TimePoint now) {
  constexpr async::Duration kNone{0};
  HostInfo host;
  host.origin = std::move(row.origin);
  host.running = row.running;
  host.waiting = row.waiting;
  host.parked_for = std::max(row.parked_until - now, kNone);
  host.is_doubtful = row.is_doubtful;
  if (!row.is_doubtful) return host;
  host.doubtful_for = std::max(now - row.since, kNone);
  host.next_probe = std::max({row.next_probe - now, host.parked_for, kNone});
  return host;
}

}  // namespace

std::vector<HostInfo> look_at_hosts(const RunContext& context, bool only_doubtful) {
  std::vector<HostInfo> hosts;
  const async::TimePoint now = context.loop.now();
  for (const http::HostGate* gate : context.gates) {
    for (auto& row : gate->table(only_doubtful)) hosts.push_back(info_of(std::move(row), now));
  }
  return hosts;
}

void look_at_transfers(RunStats& stats, const RunContext& context) {
  stats.running = context.in_flight.running();
  stats.retrying = context.in_flight.parked();
  stats.bytes = context.bytes;
  stats.slowest = slowest(context);
  for (const http::HostGate* gate : context.gates) {
    stats.waiting += gate->waiting();
    stats.parked_hosts += gate->parked();
  }
  stats.doubtful_hosts = look_at_hosts(context, true);
  std::stable_sort(stats.doubtful_hosts.begin(), stats.doubtful_hosts.end(),
                   [](const HostInfo& a, const HostInfo& b) { return a.doubtful_for > b.doubtful_for; });
  for (const auto& [origin, gone] : context.given_up) stats.given_up.emplace_back(origin, gone.untried);
}

void note_unmatched_sums(const RunContext& context) {
  if (context.ledger.count(Outcome::ok) + context.ledger.count(Outcome::skipped) == 0) return;
  for (const auto& sums : context.sums) {
    if (sums->size() == 0 || sums->has_matched()) continue;
    context.say("warning: nothing was compared with " + text::in_quotes(sums->path(), 400) +
                ": it names none of the files of this run");
  }
}

Status save_cookies(const Plan& plan, const RunContext& context) {
  Status first;
  if (!context.cookies) return first;
  for_each_fetch(plan, [&](const FetchArgs& args) {
    const std::string& file = args.client.wire.cookie_jar;
    if (file.empty()) return;
    if (auto error = context.cookies->save(file); error && !first) first = std::move(error);
  });
  return first;
}

}  // namespace leat::pipelines
