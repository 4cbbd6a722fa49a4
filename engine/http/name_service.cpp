#include "engine/http/name_service.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace leat::http {

namespace {

constexpr std::size_t kSweepAt = 16'384;  // origins; those whose answer is too old are forgotten then

// Of "scheme://host:port".
std::string_view host_of(std::string_view origin) noexcept {
  const auto start = origin.find(':') + 3;
  return origin.substr(start, origin.rfind(':') - start);
}

ResolverOptions resolver_options(NameOptions& names) {
  ResolverOptions options;
  options.lookup = std::move(names.lookup);
  options.ttl = names.ttl;
  return options;
}

std::string_view host_port_of(std::string_view origin) noexcept {
  return origin.substr(origin.find(':') + 3);
}

// One address of each family that counts; empty: there is none.
std::string resolve_entry(const std::string& origin, const Addresses& addresses, std::size_t rotation,
                          WireOptions::Ip ip) {
  const bool v6 = !addresses.v6.empty() && ip != WireOptions::Ip::v4;
  const bool v4 = !addresses.v4.empty() && ip != WireOptions::Ip::v6;
  if (!v6 && !v4) return {};
  std::string entry = "+" + std::string(host_port_of(origin)) + ":";
  if (v6) entry += "[" + addresses.v6[rotation % addresses.v6.size()] + "]";
  if (v6 && v4) entry += ",";
  if (v4) entry += addresses.v4[rotation % addresses.v4.size()];
  return entry;
}

}  // namespace

NameService::NameService(async::EventLoop& loop, NameOptions options)
    : resolver_(loop, resolver_options(options)),
      fixed_(std::move(options.fixed)),
      ip_(options.ip),
      elsewhere_(options.elsewhere),
      sweep_at_(kSweepAt) {}

const Addresses* NameService::fixed(std::string_view origin) const {
  return fixed_.empty() || elsewhere_ ? nullptr : fixed_.find(host_port_of(origin));
}

bool NameService::is_ours(std::string_view host) const {
  if (elsewhere_ || host.empty() || host.back() == '.') return false;
  return std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_');
  });
}

bool NameService::is_known(const std::string& origin) {
  const std::string host(host_of(origin));
  const auto found = injected_.find(origin);
  if (fixed(origin) != nullptr) return found != injected_.end() && !found->second.stale;
  if (is_address(host) || !is_ours(host)) return true;
  if (found == injected_.end() || found->second.stale) return false;
  const auto* known = resolver_.cached(host);
  return known != nullptr && known->ok() && known->value().generation == found->second.what.generation;
}

Result<Injection> NameService::injection(const std::string& origin, const Addresses& addresses) const {
  const auto before = injected_.find(origin);
  Injection injection;
  injection.entry =
      resolve_entry(origin, addresses, before == injected_.end() ? 0 : before->second.rotation, ip_);
  injection.generation = addresses.generation;
  if (!injection.entry.empty()) return injection;
  return Error(Errc::dns_failed,
               std::string("the host has no IPv") + (ip_ == WireOptions::Ip::v6 ? "6" : "4") + " address");
}

async::Task<Result<Injection>> NameService::prepare(std::string origin, async::Duration limit) {
  if (is_known(origin)) co_return Injection();
  if (const auto* addresses = fixed(origin)) co_return injection(origin, *addresses);
  auto resolving = resolver_.resolve(std::string(host_of(origin)), limit);
  auto answer = co_await std::move(resolving);
  if (!answer.ok()) co_return std::move(answer.error());
  co_return injection(origin, *answer);
}

std::string NameService::inject(const std::string& origin, std::size_t shard, Injection prepared) {
  auto found = injected_.find(origin);
  if (!prepared.entry.empty()) {
    if (found == injected_.end()) {
      if (injected_.size() >= sweep_at_) sweep();
      found = injected_.try_emplace(origin).first;
    }
    Injected& injected = found->second;
    if (prepared.entry != injected.what.entry) injected.shards = 0;
    injected.what = std::move(prepared);
    injected.stale = false;
  }
  if (found == injected_.end()) return {};
  const std::uint64_t bit = std::uint64_t{1} << shard;
  if ((found->second.shards & bit) != 0) return {};
  found->second.shards |= bit;
  return found->second.what.entry;
}

void NameService::sweep() {
  std::erase_if(injected_, [this](const auto& entry) { return !is_known(entry.first); });
  sweep_at_ = std::max(kSweepAt, 2 * injected_.size());
}

void NameService::failed(const std::string& origin) {
  const auto found = injected_.find(origin);
  if (found == injected_.end()) return;
  ++found->second.rotation;
  found->second.stale = true;
}

}  // namespace leat::http
