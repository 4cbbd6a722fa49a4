#include "engine/http/name_service.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

namespace leat::http {

namespace {

constexpr std::size_t kMaxInjected = 20'000;

// Of "scheme://host:port".
std::string_view host_of(std::string_view origin) noexcept {
  const auto start = origin.find(':') + 3;
  return origin.substr(start, origin.rfind(':') - start);
}

ResolverOptions resolver_options(Lookup lookup) {
  ResolverOptions options;
  options.lookup = std::move(lookup);
  return options;
}

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

NameService::NameService(async::EventLoop& loop, Lookup lookup)
    : resolver_(loop, resolver_options(std::move(lookup))), proxied_(environment_names_proxy()) {}

bool NameService::is_ours(std::string_view host) const {
  if (proxied_ || host.empty() || host.back() == '.') return false;
  return std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_');
  });
}

bool NameService::is_known(const std::string& origin) {
  const std::string host(host_of(origin));
  if (is_address(host) || !is_ours(host)) return true;
  const auto found = injected_.find(origin);
  if (found == injected_.end() || found->second.stale) return false;
  const auto* known = resolver_.cached(host);
  return known != nullptr && known->ok() && known->value().generation == found->second.generation;
}

async::Task<Result<Injection>> NameService::prepare(std::string origin, async::Duration limit) {
  if (is_known(origin)) co_return Injection();
  auto resolving = resolver_.resolve(std::string(host_of(origin)), limit);
  auto answer = co_await std::move(resolving);
  if (!answer.ok()) co_return std::move(answer.error());
  const auto before = injected_.find(origin);
  Injection injection;
  injection.entry = resolve_entry(origin, *answer, before == injected_.end() ? 0 : before->second.rotation);
  injection.generation = answer->generation;
  co_return injection;
}

void NameService::injected(const std::string& origin, const Injection& injection) {
  if (injected_.size() >= kMaxInjected) injected_.clear();
  Injected& injected = injected_[origin];
  injected.generation = injection.generation;
  injected.stale = false;
}

void NameService::failed(const std::string& origin) {
  const auto found = injected_.find(origin);
  if (found == injected_.end()) return;
  ++found->second.rotation;
  found->second.stale = true;
}

}  // namespace leat::http
