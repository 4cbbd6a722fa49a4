#include "engine/dns/private_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace leat::http {

namespace {

struct Block4 {
  std::uint32_t prefix;  // in host order
  int bits;
};
constexpr std::uint32_t ip4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}
constexpr std::array kBlocks4{
    Block4{ip4(0, 0, 0, 0), 8},      Block4{ip4(10, 0, 0, 0), 8},     Block4{ip4(100, 64, 0, 0), 10},
    Block4{ip4(127, 0, 0, 0), 8},    Block4{ip4(169, 254, 0, 0), 16}, Block4{ip4(172, 16, 0, 0), 12},
    Block4{ip4(192, 0, 0, 0), 24},   Block4{ip4(192, 0, 2, 0), 24},   Block4{ip4(192, 168, 0, 0), 16},
    Block4{ip4(192, 88, 99, 0), 24}, Block4{ip4(198, 18, 0, 0), 15},  Block4{ip4(198, 51, 100, 0), 24},
    Block4{ip4(203, 0, 113, 0), 24}, Block4{ip4(224, 0, 0, 0), 4},    Block4{ip4(240, 0, 0, 0), 4},
};

// IPv6 addresses outside of 2000::/3 are not public, except those that embed a public IPv4 address. Inside of
// 2000::/3 these are not public.
struct Block6 {
  std::array<std::uint8_t, 6> prefix;
  int bits;
};
constexpr std::array kBlocks6{
    Block6{{0x20, 0x01, 0x00, 0x00}, 23},  // IETF protocol assignments, Teredo among them
    Block6{{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    Block6{{0x3f, 0xff, 0x00}, 20},        // documentation
};

bool is_private4(std::uint32_t address) noexcept {
  return std::any_of(kBlocks4.begin(), kBlocks4.end(), [address](const Block4& block) {
    return ((address ^ block.prefix) >> (32 - block.bits)) == 0;
  });
}

using Bytes = std::array<std::uint8_t, 16>;

std::uint32_t embedded(const Bytes& bytes, std::size_t at) noexcept {
  return ip4(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool has_prefix(const Bytes& bytes, const Block6& block) noexcept {
  for (int bit = 0; bit < block.bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if (((bytes[byte] ^ block.prefix[byte]) & mask) != 0) return false;
  }
  return true;
}

bool starts_with(const Bytes& bytes, std::initializer_list<std::uint8_t> prefix) noexcept {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_private6(const Bytes& bytes) noexcept {
  if (starts_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff})) return is_private4(embedded(bytes, 12));
  if (starts_with(bytes, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))  // NAT64, RFC 6052
    return is_private4(embedded(bytes, 12));
  if (starts_with(bytes, {0x20, 0x02})) return is_private4(embedded(bytes, 2));  // 6to4
  if ((bytes[0] & 0xe0) != 0x20) return true;
  return std::any_of(kBlocks6.begin(), kBlocks6.end(),
                     [&bytes](const Block6& block) { return has_prefix(bytes, block); });
}

}  // namespace

bool is_private(const sockaddr& address) noexcept {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_private4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return true;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  Bytes bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return is_private6(bytes);
}

bool is_private(const char* address) noexcept {
  in_addr v4{};
  if (inet_pton(AF_INET, address, &v4) == 1) return is_private4(ntohl(v4.s_addr));
  const std::string_view text(address);
  Bytes bytes{};
  const std::string plain(text.substr(0, text.find('%')));  // without a zone
  return inet_pton(AF_INET6, plain.c_str(), bytes.data()) != 1 || is_private6(bytes);
}

}  // namespace leat::http
