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
  are_several_ = told.addresses > 1;
  Route route;
  route.entries = std::move(told.entries);
  route.bound = attempts_.next(told.addresses, timeout, now);
  return route;
}

void HopAddresses::connected(const ConnectWatch& connecting) {
  if (are_several_ && connecting.has_tried()) names_.tried(peer(), connecting.tried(), connecting.used());
}

bool HopAddresses::goes_on(const ConnectWatch& connecting, const Error& failure, bool once,
                           async::TimePoint now) {
  if (!connecting.has_tried() || !is_address_failure(failure)) return false;
  const std::vector<std::string> tried = connecting.tried();
  names_.tried(peer(), tried, "");
  return !once && attempts_.goes_on(tried, connecting.was_silent(), now);
}

}  // namespace leat::http
