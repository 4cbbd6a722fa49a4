#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/dns/resolver.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// The addresses that a user gives names, as curl's --resolve: "HOST:PORT:ADDRESS[,ADDRESS]…", HOST or "*",
/// IPv6 addresses in brackets or not. Immutable.
class FixedAddresses {
 public:
  FixedAddresses() = default;
  /// Takes entries that `check` passes; of several with the same host and port the last one counts.
  explicit FixedAddresses(const std::vector<std::string>& entries);
  /// bad_input that says what is wrong with an entry.
  [[nodiscard]] static Status check(const std::string& entry);

  [[nodiscard]] bool empty() const noexcept { return by_host_.empty(); }
  /// The addresses of "host:port"; null if none are given.
  [[nodiscard]] const Addresses* find(std::string_view host_port) const;

 private:
  std::unordered_map<std::string, Addresses> by_host_;
};

}  // namespace leat::http
