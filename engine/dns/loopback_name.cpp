#include "engine/dns/loopback_name.hpp"

namespace leat::http {

bool is_loopback_name(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host == "localhost" || host.ends_with(".localhost");
}

Addresses loopback_addresses() {
  Addresses addresses;
  addresses.v6.emplace_back("::1");
  addresses.v4.emplace_back("127.0.0.1");
  return addresses;
}

}  // namespace leat::http
