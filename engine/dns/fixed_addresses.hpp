#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/dns/resolver.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// The addresses that a user gives for names, as with curl's --resolve: "HOST:PORT:ADDRESS[,ADDRESS]…". HOST
/// may be "*"; IPv6 addresses may be in brackets or not. Immutable.
class FixedAddresses {
 public:
  FixedAddresses() = default;
  /// Takes entries that `check` passes; of two for the same host and port the later one counts.
  explicit FixedAddresses(const std::vector<std::string>& entries);
  /// Gives bad_input, which says what is wrong with an entry.
  [[nodiscard]] static Status check(const std::string& entry);

  [[nodiscard]] bool empty() const noexcept { return by_host_.empty(); }
  /// Gives the addresses for "host:port", or null if the user gave none.
  [[nodiscard]] const Addresses* find(std::string_view host_port) const;

 private:
  std::unordered_map<std::string, Addresses> by_host_;
};

}  // namespace leat::http
