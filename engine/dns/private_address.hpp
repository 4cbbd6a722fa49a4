#pragma once

struct sockaddr;

namespace leat::http {

/// Whether an address is not one of the public Internet: loopback, private, link-local, shared, multicast,
/// reserved (RFC 6890 and IANA's registries of special-purpose addresses), also inside an IPv6 address that
/// embeds an IPv4 one. A socket that is neither IPv4 nor IPv6 is private.
[[nodiscard]] bool is_private(const sockaddr& address) noexcept;

/// The same for an address as text, IPv6 without brackets.
[[nodiscard]] bool is_private(const char* address) noexcept;

}  // namespace leat::http
