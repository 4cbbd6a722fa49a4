#include "engine/dns/fixed_addresses.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

struct Entry {
  std::string host_port;
  Addresses addresses;
};

bool add(std::string_view text, Addresses& addresses) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  const std::string address(text);
  in6_addr binary{};
  if (inet_pton(AF_INET, address.c_str(), &binary) == 1) {
    addresses.v4_first |= addresses.empty();
    addresses.v4.push_back(address);
  } else if (inet_pton(AF_INET6, address.c_str(), &binary) == 1) {
    std::array<char, INET6_ADDRSTRLEN> shortest{};  // the form in which sockets show it
    addresses.v6.emplace_back(inet_ntop(AF_INET6, &binary, shortest.data(), shortest.size()));
  } else {
    return false;
  }
  return true;
}

Error refused(const std::string& why) {
  return Error(Errc::bad_input, "\"resolve\": " + why + "; takes HOST:PORT:ADDRESS[,ADDRESS]...");
}

Result<Entry> parse(std::string_view text) {
  if (text.starts_with('+'))
    text.remove_prefix(1);  // with it libcurl would forget the entry after a while; here nothing is forgotten
  const auto host_end = text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
  if (host_end == 0 || host_end == std::string_view::npos) return refused("it names no host");
  const auto port_end = text.find(':', host_end + 1);
  if (port_end == std::string_view::npos) return refused("it has no address");
  const auto port = text.substr(host_end + 1, port_end - host_end - 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos)
    return refused("its port is no number");
  Entry entry;
  entry.host_port = text::to_lower(text.substr(0, port_end));
  for (const auto address : text::split(text.substr(port_end + 1), ',')) {
    if (!add(address, entry.addresses)) return refused("one of its addresses is malformed");
  }
  return entry;
}

}  // namespace

Status FixedAddresses::check(const std::string& entry) {
  if (auto parsed = parse(entry); !parsed) return std::move(parsed.error());
  return std::nullopt;
}

FixedAddresses::FixedAddresses(const std::vector<std::string>& entries) {
  for (const auto& text : entries) {
    if (auto entry = parse(text)) by_host_[entry->host_port] = std::move(entry->addresses);
  }
}

const Addresses* FixedAddresses::find(std::string_view host_port) const {
  if (by_host_.empty()) return nullptr;
  auto found = by_host_.find(std::string(host_port));
  if (found == by_host_.end()) {
    found =
        by_host_.find("*" + std::string(host_port.substr(std::min(host_port.rfind(':'), host_port.size()))));
  }
  return found == by_host_.end() ? nullptr : &found->second;
}

}  // namespace leat::http
