#include "engine/http/connect/hop_addresses.hpp"

#include <utility>

namespace leat::http {

async::Task<Status> HopAddresses::find(async::Duration limit) {
  auto preparing = names_.prepare(std::string(peer()), limit);
  auto prepared = co_await std::move(preparing);
  if (!prepared.ok()) co_return std::move(prepared.error());
  found_ = std::move(*prepared);
  co_return std::nullopt;
}

HopAddresses::Route HopAddresses::next(std::size_t shard, bool connects, async::Duration timeout,
                                       async::TimePoint now) {
  Told told = names_.inject(peer(), shard, std::exchange(found_, Injection()), connects);
  if (!peer_.empty()) names_.add_fixed(origin_, told);
  Route route;
  route.entries = std::move(told.entries);
  route.bound = attempts_.next(told.addresses, timeout, now);
  return route;
}

void HopAddresses::connected(const ConnectWatch& connecting) {
  if (!connecting.tried().empty()) names_.tried(peer(), connecting.tried(), connecting.used());
}

bool HopAddresses::goes_on(const ConnectWatch& connecting, const Error& failure, bool once,
                           async::TimePoint now) {
  if (connecting.tried().empty() || !is_address_failure(failure)) return false;
  names_.tried(peer(), connecting.tried(), "");
  return !once && attempts_.goes_on(connecting.tried(), connecting.was_silent(), now);
}

}  // namespace leat::http
