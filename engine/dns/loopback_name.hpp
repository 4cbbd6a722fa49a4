#pragma once

#include <string_view>

#include "engine/dns/resolver.hpp"

namespace leat::http {

/// Says whether a host, in lower case, is "localhost" or ends in ".localhost". Such names are the machine
/// itself and are never looked up (RFC 6761 section 6.3).
[[nodiscard]] bool is_loopback_name(std::string_view host) noexcept;

/// Gives what such a name stands for: the loopback addresses of both families, IPv6 first.
[[nodiscard]] Addresses loopback_addresses();

}  // namespace leat::http
