#include "engine/http/name_service.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
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

constexpr std::uint64_t kPinnedGeneration = ~std::uint64_t{0};

std::string resolve_entry(const std::string& origin, const Addresses& addresses, std::size_t rotation) {
  std::string entry = "+" + origin.substr(origin.find(':') + 3) + ":";
  if (!addresses.v6.empty()) entry += "[" + addresses.v6[rotation % addresses.v6.size()] + "]";
  if (!addresses.v6.empty() && !addresses.v4.empty()) entry += ",";
  if (!addresses.v4.empty()) entry += addresses.v4[rotation % addresses.v4.size()];
  return entry;
}

}  // namespace

bool environment_names_proxy() noexcept {
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return true;
  }
  return false;
}

namespace {

// The colon before the addresses; a host in brackets has some of its own.
std::size_t end_of_port(std::string_view entry) noexcept {
  const auto end_of_host = entry.starts_with('[') ? entry.find("]:") : 0;
  if (end_of_host == std::string_view::npos) return end_of_host;
  const auto colon = entry.find(':', end_of_host);
  return colon == std::string_view::npos ? colon : entry.find(':', colon + 1);
}

}  // namespace

Status check_pinned(std::string_view entry) {
  const auto colon = end_of_port(entry);
  const auto port_at = colon == std::string_view::npos ? colon : entry.rfind(':', colon - 1);
  bool good =
      port_at != std::string_view::npos && port_at > 0 && colon > port_at + 1 && colon + 1 < entry.size();
  for (std::size_t i = good ? port_at + 1 : colon; good && i < colon; ++i) {
    good = entry[i] >= '0' && entry[i] <= '9';
  }
  if (good) return std::nullopt;
  return Error(Errc::bad_input, "an address is given as host:port:address[,address]...");
}

NameService::NameService(async::EventLoop& loop, NameOptions options)
    : resolver_(loop, resolver_options(options)),
      pinned_(std::move(options.pinned)),
      sweep_at_(kSweepAt),
      proxied_(environment_names_proxy()) {}

const std::string* NameService::pinned(std::string_view origin) const {
  const std::string_view wanted = origin.substr(origin.find(':') + 3);
  for (const auto& entry : pinned_) {
    const auto end = end_of_port(entry);
    if (std::string_view(entry).substr(0, end) == wanted) return &entry;
  }
  return nullptr;
}

bool NameService::is_ours(std::string_view host) const {
  if (proxied_ || host.empty() || host.back() == '.') return false;
  return std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_');
  });
}

bool NameService::is_known(const std::string& origin) {
  const std::string host(host_of(origin));
  const auto found = injected_.find(origin);
  if (!pinned_.empty() && pinned(origin) != nullptr) return found != injected_.end();
  if (is_address(host) || !is_ours(host)) return true;
  if (found == injected_.end() || found->second.stale) return false;
  const auto* known = resolver_.cached(host);
  return known != nullptr && known->ok() && known->value().generation == found->second.what.generation;
}

async::Task<Result<Injection>> NameService::prepare(std::string origin, async::Duration limit) {
  if (is_known(origin)) co_return Injection();
  if (const std::string* entry = pinned(origin); entry != nullptr) {
    Injection injection;
    injection.entry = "+" + *entry;
    injection.generation = kPinnedGeneration;
    co_return injection;
  }
  auto resolving = resolver_.resolve(std::string(host_of(origin)), limit);
  auto answer = co_await std::move(resolving);
  if (!answer.ok()) co_return std::move(answer.error());
  const auto before = injected_.find(origin);
  Injection injection;
  injection.entry = resolve_entry(origin, *answer, before == injected_.end() ? 0 : before->second.rotation);
  injection.generation = answer->generation;
  co_return injection;
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
