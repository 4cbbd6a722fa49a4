#include "engine/http/connect/no_proxy.hpp"

#include "engine/dns/resolver.hpp"
#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

void trim_dots(std::string_view& name) noexcept {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.starts_with('.')) name.remove_prefix(1);
}

bool is_in(std::string_view host, std::string_view domain) noexcept {
  if (domain.empty() || domain.size() > host.size()) return false;
  const auto above = host.substr(host.size() - domain.size());
  if (!text::equal_ignoring_case(above, domain)) return false;
  return above.size() == host.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

bool needs_no_proxy(std::string_view host, std::string_view list) noexcept {
  if (list == "*") return true;
  if (host.empty() || list.empty() || is_address(host)) return false;
  if (host.ends_with('.')) host.remove_suffix(1);
  constexpr std::string_view kBetween = ", \t";
  while (!list.empty()) {
    const auto end = list.find_first_of(kBetween);
    std::string_view name = list.substr(0, end);
    trim_dots(name);
    if (is_in(host, name)) return true;
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
  return false;
}

}  // namespace leat::http
