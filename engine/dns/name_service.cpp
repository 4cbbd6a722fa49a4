#include "engine/dns/name_service.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "engine/dns/loopback_name.hpp"

namespace leat::http {

namespace {

// When there are so many origins, those whose answer is too old are forgotten.
constexpr std::size_t kSweepAt = 16'384;

std::string_view host_port_of(std::string_view origin) noexcept {
  return origin.substr(origin.find(':') + 3);
}

std::string_view host_of(std::string_view origin) noexcept {
  const auto host_port = host_port_of(origin);
  return host_port.substr(0, host_port.rfind(':'));
}

ResolverOptions resolver_options(NameOptions& names) {
  ResolverOptions options;
  options.lookup = std::move(names.lookup);
  options.ttl = names.ttl;
  return options;
}

// Gives the addresses of both families in turn, beginning with the preferred family.
std::vector<std::string> in_turn(const Addresses& addresses, WireOptions::Ip ip) {
  std::vector<std::string> v4;
  std::vector<std::string> v6;
  if (ip != WireOptions::Ip::v6) v4 = addresses.v4;
  if (ip != WireOptions::Ip::v4) {
    for (const auto& address : addresses.v6) v6.push_back("[" + address + "]");
  }
  auto& first = addresses.v4_first ? v4 : v6;
  auto& second = addresses.v4_first ? v6 : v4;
  std::vector<std::string> all;
  const auto add = [&all](const std::string& address) {
    if (std::find(all.begin(), all.end(), address) == all.end()) all.push_back(address);
  };
  for (std::size_t i = 0; i < std::max(v4.size(), v6.size()); ++i) {
    if (i < first.size()) add(first[i]);
    if (i < second.size()) add(second[i]);
  }
  return all;
}

// Gives the key by which AddressHealth knows an address: the address without brackets and zone, and the port.
std::string health_key(std::string_view address, std::string_view origin) {
  if (address.starts_with('[')) address = address.substr(1, address.size() - 2);
  return std::string(address.substr(0, address.find('%')))
      .append(host_port_of(origin).substr(host_of(origin).size()));
}

// ConnectAttempts says why, and comes back for the next addresses.
void keep_first_of_family(std::vector<std::string>& addresses) {
  const bool first = addresses.front().starts_with('[');
  const auto other = std::find_if(addresses.begin(), addresses.end(),
                                  [first](const auto& address) { return address.starts_with('[') != first; });
  if (other == addresses.end()) {
    addresses.resize(1);
  } else {
    addresses = {addresses.front(), *other};
  }
}

// The entry is a permanent one, without a '+': libcurl 8.14 throws all others away whenever a transfer ends,
// although CURLOPT_DNS_CACHE_TIMEOUT is -1, and looks the names up itself.
std::string resolve_entry(std::string_view origin, const std::vector<std::string>& addresses) {
  std::string entry(host_port_of(origin));
  char before = ':';
  for (const auto& address : addresses) {
    entry += before;
    entry += address;
    before = ',';
  }
  return entry;
}

}  // namespace

NameService::NameService(async::EventLoop& loop, NameOptions options)
    : loop_(loop),
      resolver_(loop, resolver_options(options)),
      fixed_(std::move(options.fixed)),
      ip_(options.ip),
      elsewhere_(options.elsewhere),
      spread_(options.spread),
      sweep_at_(kSweepAt) {}

// libcurl takes no addresses for a host that is an IPv6 address.
const Addresses* NameService::fixed(std::string_view origin) const {
  const bool has_none = fixed_.empty() || elsewhere_ || host_of(origin).starts_with('[');
  return has_none ? nullptr : fixed_.find(host_port_of(origin));
}

bool NameService::is_ours(std::string_view host) const {
  if (elsewhere_ || host.empty()) return false;
  return std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_');
  });
}

bool NameService::is_other_family(std::string_view address) const {
  if (ip_ == WireOptions::Ip::any || elsewhere_) return false;
  return address.starts_with('[') != (ip_ == WireOptions::Ip::v6);
}

bool NameService::is_known(std::string_view origin) {
  const std::string_view host = host_of(origin);
  if (fixed(origin) != nullptr) return injected_.contains(origin);
  if (is_address(host)) return !is_other_family(host);
  if (!is_ours(host)) return true;
  const auto found = injected_.find(origin);
  if (found == injected_.end()) return false;
  if (is_loopback_name(host)) return true;
  const auto* known = resolver_.cached(host);
  return known != nullptr && known->ok() && known->value().generation == found->second.what.generation;
}

Result<Injection> NameService::injection(std::string_view origin, const Addresses& addresses) const {
  Injection injection;
  injection.addresses = in_turn(addresses, ip_);
  injection.generation = addresses.generation;
  if (!injection.addresses.empty()) return injection;
  Error none(Errc::dns_failed, std::string(host_of(origin)) + " has no IPv" +
                                   (ip_ == WireOptions::Ip::v6 ? "6" : "4") +
                                   " address, and no other is to be used");
  none.retryable = false;
  return none;
}

async::Task<Result<Injection>> NameService::prepare(std::string origin, async::Duration limit) {
  if (is_known(origin)) co_return Injection();
  if (const auto* addresses = fixed(origin)) co_return injection(origin, *addresses);
  const std::string host(host_of(origin));
  if (is_address(host)) co_return injection(origin, Addresses());
  if (is_loopback_name(host)) co_return injection(origin, loopback_addresses());
  auto resolving = resolver_.resolve(host, limit);
  auto answer = co_await std::move(resolving);
  if (!answer.ok()) co_return std::move(answer.error());
  co_return injection(origin, *answer);
}

// Puts the addresses that failed lately last; among them the one that failed longest ago comes first.
std::vector<std::string> NameService::in_order(std::string_view origin, Injected& injected) {
  const async::TimePoint now = loop_.turn_time();
  std::vector<std::pair<async::TimePoint, std::string>> rated;
  for (const auto& address : injected.what.addresses) {
    rated.emplace_back(health_.failed_at(health_key(address, origin), now), address);
  }
  std::stable_sort(rated.begin(), rated.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  injected.working = 0;
  std::vector<std::string> ordered;
  for (auto& [failed_at, address] : rated) {
    if (failed_at == async::TimePoint::min()) ++injected.working;
    ordered.push_back(std::move(address));
  }
  return ordered;
}

// Makes the entry again if the order has changed or if it is another address's turn.
void NameService::refresh(std::string_view origin, Injected& injected, bool connects) {
  const bool many = injected.what.addresses.size() > 1;
  const bool turns = many && connects && spread_;
  const std::uint64_t version = health_.version(loop_.turn_time());
  if (!injected.entry.empty() && !turns && (!many || version == injected.version)) return;
  injected.version = version;
  std::vector<std::string> addresses = in_order(origin, injected);
  if (turns && injected.working > 1) {
    const auto turn = (*spread_ + injected.turn++) % injected.working;
    const auto working = addresses.begin() + static_cast<std::ptrdiff_t>(injected.working);
    std::rotate(addresses.begin(), addresses.begin() + static_cast<std::ptrdiff_t>(turn), working);
  }
  keep_first_of_family(addresses);
  std::string entry = resolve_entry(origin, addresses);
  if (entry == injected.entry) return;
  injected.entry = std::move(entry);
  injected.shards = 0;
}

Told NameService::inject(std::string_view origin, std::size_t shard, Injection prepared, bool connects) {
  auto found = injected_.find(origin);
  if (!prepared.addresses.empty()) {
    if (found == injected_.end()) {
      if (injected_.size() >= sweep_at_) sweep();
      found = injected_.try_emplace(std::string(origin)).first;
    }
    if (found->second.what.addresses != prepared.addresses) found->second.entry.clear();
    found->second.what = std::move(prepared);
  }
  if (found == injected_.end()) return Told();
  Injected& injected = found->second;
  refresh(origin, injected, connects);
  const std::uint64_t bit = std::uint64_t{1} << shard;
  Told told;
  told.addresses = injected.what.addresses.size();
  if ((injected.shards & bit) == 0 || connects) told.entries.push_back(injected.entry);
  injected.shards |= bit;
  return told;
}

void NameService::add_fixed(std::string_view origin, Told& told) const {
  const auto* addresses = fixed(origin);
  const auto usable = addresses == nullptr ? std::vector<std::string>() : in_turn(*addresses, ip_);
  if (!usable.empty()) told.entries.push_back(resolve_entry(origin, usable));
}

void NameService::sweep() {
  std::erase_if(injected_, [this](const auto& entry) { return !is_known(entry.first); });
  sweep_at_ = std::max(kSweepAt, 2 * injected_.size());
}

void NameService::tried(std::string_view origin, const std::vector<std::string>& addresses,
                        const std::string& used) {
  const auto found = injected_.find(origin);
  // One address alone has no order.
  if (found == injected_.end() || found->second.what.addresses.size() < 2) return;
  for (const auto& address : addresses) {
    if (address != used) health_.failed(health_key(address, origin), loop_.turn_time());
  }
  if (!used.empty()) health_.worked(health_key(used, origin));
}

}  // namespace leat::http
