#include "engine/http/connect/connect_to.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

// Takes off and gives what stands before the next colon that is not in brackets; the colon is dropped.
std::string next_part(std::string_view& text) {
  const auto from = text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0;
  const auto colon = std::min(text.find(':', from), text.size());
  std::string part = text::to_lower(text.substr(0, colon));
  text.remove_prefix(std::min(colon + 1, text.size()));
  return part;
}

}  // namespace

ConnectTo::ConnectTo(const std::vector<std::string>& entries) {
  for (std::string_view text : entries) {
    Entry entry;
    entry.from_host = next_part(text);
    entry.from_port = next_part(text);
    entry.to_host = next_part(text);
    entry.to_port = next_part(text);
    entries_.push_back(std::move(entry));
  }
}

std::string ConnectTo::of(std::string_view origin) const {
  const auto host_at = origin.find("://") + 3;
  const auto colon = origin.rfind(':');
  const std::string_view host = origin.substr(host_at, colon - host_at);
  const std::string_view port = origin.substr(colon + 1);
  for (const auto& entry : entries_) {
    const bool fits = (entry.from_host.empty() || entry.from_host == host) &&
                      (entry.from_port.empty() || entry.from_port == port);
    if (!fits || (entry.to_host.empty() && entry.to_port.empty())) continue;
    std::string target(origin.substr(0, host_at));
    target += entry.to_host.empty() ? host : std::string_view(entry.to_host);
    target += ':';
    target += entry.to_port.empty() ? port : std::string_view(entry.to_port);
    return target;
  }
  return std::string(origin);
}

}  // namespace leat::http
