// What a HostGate shows of itself.
#include <algorithm>
#include <utility>

#include "engine/http/gate/host_gate.hpp"
#include "engine/http/gate/host_gate_host.hpp"

namespace leat::http {

bool HostGate::knows(std::string_view origin) const { return hosts_.contains(origin); }

std::size_t HostGate::parked() const noexcept {
  const auto now = loop_.now();
  const auto is_parked = [now](const auto& entry) { return entry.second.parked_until > now; };
  return static_cast<std::size_t>(std::count_if(hosts_.begin(), hosts_.end(), is_parked));
}

bool HostGate::rate_holds() const noexcept {
  const bool wanted = !turns_->empty() || !vacancies_.empty();
  return wanted && taken_ < slots_ && !options_.rate.allows(loop_.now());
}

std::vector<HostGate::HostRow> HostGate::table(bool only_doubtful) const {
  std::vector<HostRow> rows;
  const async::TimePoint now = loop_.now();
  const auto add = [&](const Host& host) {
    const bool is_doubtful = host.health.state() == HostHealth::State::doubtful;
    if (only_doubtful && !is_doubtful) return;
    if (host.running == 0 && host.waiting == 0 && host.parked_until <= now && !is_doubtful) return;
    HostRow row;
    row.origin = std::string(host.origin);
    row.running = host.running;
    row.waiting = host.waiting;
    row.parked_until = host.parked_until;
    row.is_doubtful = is_doubtful;
    row.since = host.health.since();
    row.next_probe = host.health.next_probe();
    rows.push_back(std::move(row));
  };
  for (const auto& [origin, host] : hosts_) add(host);
  if (proxy_) add(*proxy_);
  std::sort(rows.begin(), rows.end(), [](const HostRow& a, const HostRow& b) { return a.origin < b.origin; });
  return rows;
}

}  // namespace leat::http
