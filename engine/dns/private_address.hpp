#pragma once

struct sockaddr;

namespace leat::http {

/// Says whether an address does not belong to the public Internet, because it is loopback, private,
/// link-local, shared, multicast or reserved (RFC 6890 and IANA's registries of special-purpose addresses).
/// This holds also for the IPv4 address that an IPv6 one embeds. A socket that is neither IPv4 nor IPv6 is
/// private.
[[nodiscard]] bool is_private(const sockaddr& address) noexcept;

/// Says the same of an address as text, IPv6 without brackets.
[[nodiscard]] bool is_private(const char* address) noexcept;

}  // namespace leat::http
